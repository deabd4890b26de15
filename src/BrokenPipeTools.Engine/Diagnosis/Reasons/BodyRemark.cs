using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Makes the sentence about a connection that was closed in the middle of an HTTP response.</summary>
internal static class BodyRemark
{
    /// <summary>Returns the steps to take if a response is incomplete.</summary>
    public static string AdviceFor(CloseFacts facts) => facts.IsLeftByClient
        ? "Find out why the client did not wait for the rest: a time-out of its own, a user who canceled, or a program that ended. For a stream that only the client ends, this is normal."
        : ServerAdvice;

    private const string ServerAdvice = "Find out in the server's log why it ended the response early: a crash, a limit or time-out of a proxy, or a failure of what it read the body from. The client must not use the incomplete body.";

    /// <summary>Returns the sentence; empty if the response is complete, or its length is not known.</summary>
    public static string Of(in Finding finding)
    {
        CloseFacts facts = finding.Facts;
        if (!facts.IsResponseIncomplete)
            return "";
        int server = 1 - facts.Client;
        if (facts.EndsInsideHead)
            return OfHead(facts, server);
        AnnouncedBody body = facts.Connection.BodyOf(server);
        string response = $" {facts.NameFirst(server)}'s HTTP response (frame {facts.Connection.FrameAt(body.At)})";
        if (facts.IsLeftByClient)
        {
            string missing = body.IsChunked ? "its last chunk was not sent" : $"{facts.UnsentBody} of the {body.Numbers.Count} bytes of its body were not sent";
            return $"{response} was not complete when {facts.Name(facts.Client)} closed: {missing}.";
        }

        return body.IsChunked
            ? $"{response} is chunked, and {facts.Name(server)} closed before the last chunk: the response is incomplete."
            : $"{response} announces a body of {body.Numbers.Count} bytes, and {facts.Name(server)} closed before the last {facts.UnsentBody} of them: the response is incomplete.";
    }

    private static string OfHead(CloseFacts facts, int server)
    {
        string frame = facts.Connection.FrameAt(facts.Connection.ReasonOf(server).At) is { } at ? $" (frame {at})" : "";
        string response = $" {facts.NameFirst(server)}'s HTTP response{frame}";
        return facts.IsLeftByClient
            ? $"{response} was not complete when {facts.Name(facts.Client)} closed: the end of its head was not sent."
            : $"{response} ends in the middle of its head: the response is incomplete.";
    }
}
