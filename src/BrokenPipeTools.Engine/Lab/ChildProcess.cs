using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab;

/// <summary>
/// A process that owns one end of a connection and does nothing with it. It exists to be killed: its kernel then sends the same packets as for any
/// program that is killed.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ChildProcess : IDisposable
{
    /// <summary>Seconds after which the process ends by itself, even if this program was killed.</summary>
    private const string LifetimeSeconds = "60";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts the process, passes the socket to it, and closes this program's own copy.</summary>
    /// <exception cref="InvalidOperationException">The descriptor cannot be copied, or the process cannot be started.</exception>
    public static ChildProcess TakeOver(TracedSocket socket)
    {
        Process process = ProcessGate.Start(new ProcessStartInfo("sleep", LifetimeSeconds), () => Inheritable(socket), static descriptor => _ = CloseDescriptor(descriptor))
            ?? throw new InvalidOperationException("the command sleep could not be started");
        socket.Dispose();
        return new ChildProcess(process);
    }

    /// <summary>Sends SIGKILL, which the process cannot handle.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    /// <summary>Copies the descriptor so that the child inherits it. .NET's descriptors are closed on exec; a copy made with dup(2) is not.</summary>
    private static int Inheritable(TracedSocket socket)
    {
        int copy = Dup((int)socket.Socket.Handle);
        return copy >= 0 ? copy : throw new InvalidOperationException("the socket's descriptor could not be copied");
    }

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Dup(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int CloseDescriptor(int descriptor);
}
