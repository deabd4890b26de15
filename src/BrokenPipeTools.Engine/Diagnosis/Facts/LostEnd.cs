using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// Signs that the capture lacks the end of a connection that it shows as open. A connection that is only idle has none of them for two hours: idle
/// connections of a pool are usual.
/// </summary>
/// <param name="Sentence">Describes the sign.</param>
/// <param name="Why">The reason why the connection may have closed.</param>
internal readonly record struct LostEnd(string Sentence, string Why)
{
    /// <summary>Seconds. A kernel without an acknowledgment retransmits sooner: the RTO is 1 s at first, and 3 s in older systems (RFC 6298, sections 2 and 5.7).</summary>
    private const double LongestTimeout = 4;

    /// <summary>Seconds. Few servers take longer than this to answer, or to continue an answer; most proxies give up after 60 s.</summary>
    private const double LongestAnswer = 60;

    /// <summary>Bytes. Control frames of HTTP/2 are shorter, also in TLS and several of them together.</summary>
    private const int FewestOfRequest = 100;

    /// <summary>Seconds. By default, TCP keepalive probes an idle connection after this time (RFC 9293, section 3.8.4), and most devices drop one sooner.</summary>
    private const double LongestIdle = 7200;

    /// <summary>Seconds. If the capture ends sooner after the newest segment, a close that it lacks is unlikely.</summary>
    private const double Shortest = 1;

    /// <summary>Returns the first sign that fits; null if there is none.</summary>
    public static LostEnd? Of(CloseFacts facts)
    {
        double quiet = facts.QuietFor;
        if (quiet < Shortest || facts.Connection.IsReplaced || facts.IsUnseen(0) || facts.IsUnseen(1))
            return null;
        if (quiet >= LongestTimeout && Unacked(facts) is >= 0 and var end)
        {
            return new LostEnd(
                $"{facts.NameFirst(end)}'s last {Words.BytesWere(facts.Unacked(end))} neither acknowledged nor retransmitted in the {Words.Seconds(quiet)} until the end of the capture, which lacks the packets that followed.",
                "the capture lacks packets after the last payload; the close may be among them");
        }

        for (int closer = 0; closer < 2 && quiet >= LongestTimeout; closer++)
        {
            if (facts.AnnouncedClose(closer) is { At.Exists: true } stated && ReasonText.Of(stated, facts.ServerPort) is { } text)
            {
                return new LostEnd(
                    $"{facts.NameFirst(closer)} sent {text} (frame {facts.FrameOf(stated)}), after which it closes, and the capture shows no close in the {Words.Seconds(quiet)} until its end.",
                    "the close that must follow the last message was not captured");
            }
        }

        if (quiet >= LongestAnswer && facts.IsInsideResponse)
        {
            return new LostEnd(
                $"{facts.NameFirst(1 - facts.Client)} sent nothing in the {Words.Seconds(quiet)} until the end of the capture, in the middle of an HTTP response.",
                "the rest of the response and the close may not have been captured");
        }

        if (quiet >= LongestAnswer && IsUnanswered(facts))
        {
            return new LostEnd(
                $"{facts.NameFirst(facts.Client)}'s last payload got no answer in the {Words.Seconds(quiet)} until the end of the capture.",
                "the answer and the close may not have been captured");
        }

        if (quiet > LongestIdle)
        {
            return new LostEnd(
                $"The capture shows nothing of it in its last {Words.Seconds(quiet)}.",
                "most programs and devices end an idle connection sooner; the close may not have been captured");
        }

        return facts.IsAfterLoss
            ? new LostEnd($"The capture lacks frames, and shows nothing of this connection in its last {Words.Seconds(quiet)}.", "the capture lacks frames; the close may be among them")
            : null;
    }

    /// <summary>Returns an end whose last payload was not acknowledged although the other side's window was open; -1 for none.</summary>
    private static int Unacked(CloseFacts facts)
    {
        for (int end = 0; end < 2; end++)
        {
            if (facts.Unacked(end) > 0 && facts.Connection.Side(1 - end).Has(SideMarks.HasAcknowledged) && !facts.Connection.Side(1 - end).Has(SideMarks.ZeroWindow))
                return end;
        }

        return -1;
    }

    /// <summary>
    /// Returns whether the client sent a request last, and the server had answered earlier payload. A protocol without answers has only one turn, and few
    /// bytes may be a message that needs no answer, such as WINDOW_UPDATE of HTTP/2.
    /// </summary>
    private static bool IsUnanswered(CloseFacts facts) =>
        facts.Connection.Close.Turns > 2 && facts.Connection.Close.BytesOfLastTurn >= FewestOfRequest && facts.Connection.Close.LastTurnSender == facts.Client && !facts.IsClientUnclear;
}
