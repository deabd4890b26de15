namespace BrokenPipeTools.Diagnosis;

/// <summary>The sentence on the error that a side's program gets next, from the same prediction as the record's columns.</summary>
internal static class NextCallText
{
    /// <summary>
    /// " The client's next call gets ECONNRESET." or " The client's next write is a broken pipe (EPIPE).". Empty if no error is predicted.
    /// </summary>
    /// <param name="f">The facts.</param>
    /// <param name="end">The side.</param>
    /// <param name="when">More words before the full stop.</param>
    public static string NextCall(this CloseFacts f, int end, string when = "")
    {
        SideResults next = SideResults.Of(f.Connection, end);
        if (IsError(next.Connect))
            return $" {f.NameFirst(end)}'s connect gets {next.Connect}{when}.";
        if (IsError(next.Read))
            return $" {f.NameFirst(end)}'s next call gets {next.Read}{when}.";
        if (next.Write == CallResult.BrokenPipe)
            return $" {f.NameFirst(end)}'s next write is a broken pipe (EPIPE){when}.";
        return IsError(next.Write) ? $" {f.NameFirst(end)}'s next write gets {next.Write}{when}." : "";
    }

    private static bool IsError(string result) => result is not (CallResult.NoSocket or CallResult.Ok or CallResult.EndOfFile or CallResult.Blocks);
}
