namespace BrokenPipeTools.Primitives;

/// <summary>Gives the reason why a file could not be opened, without its path: the message of .NET has the path a second time.</summary>
internal static class FileReason
{
    /// <summary>Returns the reason, for a message that begins with the path.</summary>
    public static string Of(Exception problem) => problem switch
    {
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        UnauthorizedAccessException => "permission denied",
        _ => problem.Message.ReplaceLineEndings(" "),
    };
}
