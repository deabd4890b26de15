using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Writes messages for people to standard error; no other code writes there. If a message cannot be written (standard error is closed, or on a full
/// disk), it is dropped and the command continues, because its records and its exit code are more important. May be called from any thread.
/// </summary>
internal static class StandardError
{
    private static readonly bool IsOpen = InheritedDescriptor.IsOpen(InheritedDescriptor.Error);

    /// <summary>Writes a message of one line, with control characters made visible.</summary>
    public static void WriteLine(string message) => Write(DisplayText.Of(message) + Environment.NewLine);

    /// <summary>Writes text unchanged, including escape sequences.</summary>
    public static void Write(string text)
    {
        if (!IsOpen)
            return; // the descriptor with its number now belongs to another file
        try
        {
            Console.Error.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ENOSPC, EIO of a closed terminal, EBADF: there is no output left to report it.
        }
    }
}
