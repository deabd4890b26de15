using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Makes the sentence about a server that closed in the middle of an HTTP response.</summary>
internal static class BodyRemark
{
    /// <summary>What to do if a response is incomplete.</summary>
    public const string Advice = "Find out in the server's log why it ended the response early: a crash, a limit or time-out of a proxy, or a failure of what it read the body from. The client must not use the incomplete body.";

    /// <summary>Returns the sentence; empty if the response is complete, or its length is not known.</summary>
    public static string Of(in Finding finding)
    {
        CloseFacts facts = finding.Facts;
        if (!facts.IsResponseIncomplete)
            return "";
        int server = 1 - facts.Client;
        AnnouncedBody body = facts.Connection.BodyOf(server);
        string response = $" {facts.NameFirst(server)}'s HTTP response (frame {facts.Connection.FrameAt(body.At)})";
        return body.IsChunked
            ? $"{response} is chunked, and {facts.Name(server)} closed before the last chunk: the response is incomplete."
            : $"{response} announces a body of {body.Numbers.Count} bytes, and {facts.Name(server)} closed before the last {facts.UnsentBody} of them: the response is incomplete.";
    }
}
