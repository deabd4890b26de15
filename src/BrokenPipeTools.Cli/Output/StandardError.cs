using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Messages for people, on standard error: the only place that writes there. A message that cannot be written (standard error is
/// closed, or on a full disk) is dropped, and the command continues: its records and its exit code matter more. May be called from any
/// thread.
/// </summary>
internal static class StandardError
{
    private static readonly bool IsOpen = InheritedDescriptor.IsOpen(InheritedDescriptor.Error);

    /// <summary>Writes a message of one line, with control characters made visible.</summary>
    public static void WriteLine(string message) => Write(DisplayText.Of(message) + Environment.NewLine);

    /// <summary>Writes text as it is: escape sequences too.</summary>
    public static void Write(string text)
    {
        if (!IsOpen)
            return; // the descriptor with its number now is another file
        try
        {
            Console.Error.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ENOSPC, EIO of a closed terminal, EBADF: no output is left to report it.
        }
    }
}
