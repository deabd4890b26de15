using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The abilities of the terminal behind standard output or standard error.</summary>
/// <param name="TakesSequences">Whether it obeys escape sequences (ECMA-48): they move the cursor and erase a line. False if it is a file, a pipe or a dumb terminal.</param>
/// <param name="ShowsColors">Whether colors are wanted too; false if NO_COLOR is set (https://no-color.org).</param>
internal readonly record struct Terminal(bool TakesSequences, bool ShowsColors)
{
    /// <summary>Erases the line that the cursor is in, and puts the cursor at its start.</summary>
    public const string EraseLine = "\r\e[2K";

    private const int UsualWidth = 80;

    /// <summary>The terminal behind standard output.</summary>
    public static Terminal OfOutput() => Detect(Console.IsOutputRedirected, StandardHandle.Output);

    /// <summary>The terminal behind standard error.</summary>
    public static Terminal OfError() => Detect(Console.IsErrorRedirected, StandardHandle.Error);

    /// <summary>Columns for a line on standard output: of the terminal; a file or a pipe has no limit.</summary>
    public static int WidthOfOutput() => Console.IsOutputRedirected ? int.MaxValue : Width();

    /// <summary>Columns in a line; 80 if the terminal does not have a size, as over a serial line.</summary>
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

    /// <summary>Chooses by the environment.</summary>
    /// <param name="redirected">Whether the stream is not a terminal.</param>
    /// <param name="term">The variable TERM: the kind of terminal, null if none is set.</param>
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
            term = WindowsConsole.TakeSequences((int)handle) ? term ?? "windows" : null; // consoles of Windows set no TERM
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

        /// <summary>Makes the console obey escape sequences, which an old one does only if it is asked to. Returns whether it does.</summary>
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
