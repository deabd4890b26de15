using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>
/// Makes the sentences on the next calls of a side. They come from the same prediction as the record's columns, so an explanation never has another
/// error than the columns.
/// </summary>
internal static class CallWords
{
    /// <summary>
    /// Returns " The client's next call gets ECONNRESET.", or the read and the write if they differ. Empty if no call fails.
    /// </summary>
    public static Utf8Message NextCall(this CloseFacts facts, int end) => NextCall(facts, end, "");

    /// <summary>Returns the same sentence for a kernel that has not given up yet.</summary>
    public static Utf8Message NextCallWhenGivenUp(this CloseFacts facts, int end) => NextCall(facts, end, " when the kernel gives up");

    /// <summary>Returns " The next write after that returns EPIPE (broken pipe)." if the next write of a side fails with EPIPE; otherwise an empty text.</summary>
    public static string BrokenPipe(this CloseFacts facts, int end) =>
        facts.ResultsAt(end).Write == CallResult.BrokenPipe ? " The next write after that returns EPIPE (broken pipe)." : "";

    private static Utf8Message NextCall(CloseFacts facts, int end, string when)
    {
        SideResults results = facts.ResultsAt(end);
        string whose = facts.NameFirst(end);
        if (results is { Write: CallResult.BrokenPipe } && !IsError(results.Read))
            when = ""; // a write after the side's own FIN waits for nothing
        return (results.Read, results.Write) switch
        {
            _ when results.Connect is not (CallResult.Ok or CallResult.Blocks or CallResult.NoSocket) => (Utf8Message)$" {whose}'s connect fails with {results.Connect.Text()}{when}.",
            (var read, var write) when IsError(read) && read == write => $" {whose}'s next call gets {read.Text()}{when}.",
            (var read, var write) when IsError(read) && IsError(write) => $" {whose}'s next read gets {read.Text()}, its next write {write.Text()}{when}.",
            (var read, _) when IsError(read) => $" {whose}'s next read gets {read.Text()}{when}.",
            (CallResult.EndOfFile, var write) when IsError(write) => $" {whose}'s next read returns the end of file, its next write gets {write.Text()}{when}.",
            (_, var write) when IsError(write) => $" {whose}'s next write gets {write.Text()}{when}.",
            _ => "",
        };
    }

    private static bool IsError(CallResult result) => result is not (CallResult.NoSocket or CallResult.Ok or CallResult.Blocks or CallResult.EndOfFile);
}
