using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the sentences and alternatives that several causes of a RST use.</summary>
internal static class ResetWords
{
    /// <summary>Seconds. Payload that arrived longer before a RST than this had time to be read.</summary>
    public const double Moment = 1;

    /// <summary>Returns "The server reset the connection (frame 9)", with an earlier FIN of the same side if it sent one.</summary>
    public static Utf8Message Act(CloseFacts facts)
    {
        string closed = facts.SentFinBefore(facts.ResetSender) ? $" had finished sending (FIN, frame {facts.FinFrame(facts.ResetSender)}), and" : "";
        return $"{facts.NameFirst(facts.ResetSender)}{closed} reset the connection (frame {facts.Frame(facts.ResetAt)})";
    }

    /// <summary>
    /// Returns " The client's last 150 bytes (frame 8) came 20 ms before the RST and are lost."; empty if no request came so shortly before the RST.
    /// </summary>
    public static string LostRequest(CloseFacts facts)
    {
        LogPlace at = facts.AnsweredAt;
        if (!at.Exists || facts.SentFinBefore(facts.ResetSender) || facts.SentFinBefore(facts.ResetReceiver))
            return "";
        ref readonly Observation o = ref facts.Connection.Log.Get(at);
        double before = facts.Between(at, facts.ResetAt);
        return o.Kind == ObservationKind.Data && before < Moment
            ? $" {facts.NameFirst(facts.ResetReceiver)}'s last {o.Length} bytes (frame {facts.Frame(at)}) came{Words.Before(before)} the RST and are lost."
            : "";
    }

    /// <summary>
    /// Returns the alternative that there was no socket for the segment that a RST with ACK answers; empty if the window shows that the sender is
    /// another stack.
    /// </summary>
    public static IEnumerable<(Cause Cause, string Why)> NoSocket(CloseFacts facts)
    {
        if (facts.ResetAt.Exists && (facts.Reset.Flags & TcpFlags.Ack) != 0 && facts.Reset.Window == 0 && (facts.Connection.Lacks & FrameLacks.Window) == 0)
            yield return (Cause.PeerStateLost, "stacks other than Linux set ACK in every RST: with window 0, the host may have had no socket any more");
    }

    /// <summary>Returns the alternatives for a RST without ACK for which no captured segment asks; empty for another RST.</summary>
    public static IEnumerable<(Cause Cause, string Why)> Unasked(CloseFacts facts)
    {
        if (!facts.ResetIsUnasked)
            yield break;
        yield return (Cause.MiddleboxReset, "a device on the path may have sent the RST: it has no ACK, and no captured segment asks for it");
        if (facts.Shape == ResetShape.Stateless)
            yield return (Cause.PeerStateLost, "the host may have answered a segment that was not captured, for which it had no socket");
    }

    /// <summary>Returns the alternative of a time-out, if both sides were silent before the close.</summary>
    public static IEnumerable<(Cause Cause, string Why)> WaitedLong(CloseFacts facts) => facts.Silence >= IdleTimeoutRule.Shortest && !facts.SentFinBefore(facts.ResetReceiver)
        ? [(Cause.IdleTimeout, $"the close came after {Words.Seconds(facts.Silence)} of silence: proxies also reset a connection that they close after a time-out")]
        : [];
}
