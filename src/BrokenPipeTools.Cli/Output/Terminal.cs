using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The abilities of the terminal of standard output or standard error.</summary>
/// <param name="TakesSequences">Whether it understands escape sequences (ECMA-48), which move the cursor and erase a line. False for a file, a pipe
/// or a dumb terminal.</param>
/// <param name="ShowsColors">Whether colors are allowed, too; false if NO_COLOR is set (https://no-color.org).</param>
internal readonly record struct Terminal(bool TakesSequences, bool ShowsColors)
{
    /// <summary>Erases the cursor's line, and moves the cursor to its start.</summary>
    public const string EraseLine = "\r\e[2K";

    private const int UsualWidth = 80;

    /// <summary>Returns the terminal of standard output.</summary>
    public static Terminal OfOutput() => Detect(Console.IsOutputRedirected, StandardHandle.Output);

    /// <summary>Returns the terminal of standard error.</summary>
    public static Terminal OfError() => Detect(Console.IsErrorRedirected, StandardHandle.Error);

    /// <summary>Returns the columns of a line on standard output: those of the terminal; a file or a pipe has no limit.</summary>
    public static int WidthOfOutput() => Console.IsOutputRedirected ? int.MaxValue : Width();

    /// <summary>Returns the columns of a line; 80 if the terminal has no known size, as over a serial line.</summary>
    public static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and int width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth; // Windows, without a console
        }
    }

    /// <summary>Decides from the environment.</summary>
    /// <param name="redirected">Whether the stream is not a terminal.</param>
    /// <param name="term">The variable TERM, which is the kind of terminal; null if it is not set.</param>
    /// <param name="noColor">The variable NO_COLOR.</param>
    internal static Terminal Of(bool redirected, string? term, string? noColor)
    {
        bool takesSequences = !redirected && term is not (null or "" or "dumb");
        return new Terminal(takesSequences, takesSequences && string.IsNullOrEmpty(noColor));
    }

    private static Terminal Detect(bool redirected, StandardHandle handle)
    {
        string? term = Environment.GetEnvironmentVariable("TERM");
        if (!redirected && OperatingSystem.IsWindows())
            term = WindowsConsole.TakeSequences((int)handle) ? term ?? "windows" : null; // consoles of Windows do not set TERM
        return Of(redirected, term, Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    /// <summary>GetStdHandle, processenv.h.</summary>
    private enum StandardHandle
    {
        Output = -11,
        Error = -12,
    }

    [SupportedOSPlatform("windows")]
    private static class WindowsConsole
    {
        private const int VirtualTerminal = 0x0004; // ENABLE_VIRTUAL_TERMINAL_PROCESSING, consoleapi.h

        /// <summary>Enables escape sequences in the console, which an old one does not support by default. Returns whether it supports them.</summary>
        public static bool TakeSequences(int standardHandle)
        {
            nint console = GetStdHandle(standardHandle);
            return GetConsoleMode(console, out int mode) && ((mode & VirtualTerminal) != 0 || SetConsoleMode(console, mode | VirtualTerminal));
        }

        [DllImport("kernel32.dll")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        private static extern nint GetStdHandle(int number);

        [DllImport("kernel32.dll")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool GetConsoleMode(nint console, out int mode);

        [DllImport("kernel32.dll")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        private static extern bool SetConsoleMode(nint console, int mode);
    }
}
