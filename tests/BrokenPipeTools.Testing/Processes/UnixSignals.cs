using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Testing.Processes;

/// <summary>Signals to children, and the disposition of SIGINT that they inherit (POSIX: kill, signal, sigaction).</summary>
internal static class UnixSignals
{
    public const int Interrupt = 2; // SIGINT
    public const int Terminate = 15; // SIGTERM

    private const nint Default = 0; // SIG_DFL

    private const nint Ignored = 1; // SIG_IGN

    /// <summary>More than struct sigaction has on any system; the disposition is its first field.</summary>
    private const int LargestAction = 512;

    /// <summary>
    /// Makes SIGINT end this process again if it is ignored, and so its future children. A shell without job control starts commands with &amp; with
    /// SIGINT ignored, exec preserves that, and .NET respects it: a child would never see the interrupt that a test sends. A shell cannot undo it
    /// (POSIX, trap), and env --default-signal exists only in GNU. An installed handler is kept: children do not inherit it.
    /// </summary>
    public static void RestoreInterrupt()
    {
        if (OperatingSystem.IsWindows())
            return;
        byte[] action = new byte[LargestAction];
        Check(GetAction(Interrupt, 0, action) == 0);
        if (MemoryMarshal.Read<nint>(action) == Ignored)
            Check(SetDisposition(Interrupt, Default) == Ignored);
    }

    public static void Send(int process, int signal) => Check(Kill(process, signal) == 0);

    private static void Check(bool succeeded)
    {
        if (!succeeded)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static extern int GetAction(int signal, nint action, [Out] byte[] old);

    [DllImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static extern nint SetDisposition(int signal, nint handler);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
