using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>
/// Makes the sentence on a RST that its receiver did not accept, with the reason: in SYN_SENT it must acknowledge the SYN (RFC 9293, section
/// 3.10.7.3), later it must have the next sequence number that the receiver expects (RFC 5961, section 3.2). Numbers are relative, as in Wireshark.
/// </summary>
internal static class RejectedReset
{
    private const int Most = 3;

    /// <summary>Returns whether there may be one: most connections have no RST, or only the one that ended them.</summary>
    public static bool MayApply(CloseFacts facts) =>
        facts.ResetAt.Exists && (!EndedIt(facts) || facts.Count(ObservationKind.Rst, 0, facts.ResetAt) + facts.Count(ObservationKind.Rst, 1, facts.ResetAt) > 0);

    /// <summary>Returns a sentence for each such RST, three at most; an empty text if there is none.</summary>
    /// <param name="facts">The connection.</param>
    /// <param name="named">The text so far: a RST whose frame it contains is not mentioned again.</param>
    public static string Of(CloseFacts facts, string named)
    {
        int until = EndedIt(facts) ? facts.ResetAt.Index : facts.Connection.Log.Kept;
        string text = "";
        int more = 0;
        for (int i = 0, count = 0; facts.ResetAt.Exists && i < until; i++)
        {
            if (facts.Connection.Log.Get(i).Kind != ObservationKind.Rst || TextOf(facts, new LogPlace(i)) is not { } sentence || named.Contains($"frame {facts.Frame(new LogPlace(i))})", StringComparison.Ordinal))
                continue;
            text += count < Most ? sentence : "";
            more += count++ < Most ? 0 : 1;
        }

        return more == 0 ? text : $"{text} {more} more RSTs were not accepted either.";
    }

    private static bool EndedIt(CloseFacts facts) => facts.State is CloseState.Reset or CloseState.Refused;

    private static string? TextOf(CloseFacts facts, LogPlace at)
    {
        int sender = facts.Connection.Log.Get(at).Sender;
        bool counts = at == facts.ResetAt && !EndedIt(facts);
        string signs = counts ? string.Join("; ", facts.SignsOfForgery.Select(sign => sign.Shows)) : "";
        string rst = $" A RST with {facts.Name(sender)}'s address (frame {facts.Frame(at)})";
        if (ReasonOf(facts, at) is { } reason)
            return $"{rst} was not accepted: {reason}.{(signs.Length == 0 ? "" : $" It was not sent by that host: {signs}.")}";
        if (signs.Length == 0)
            return null;
        string accepted = facts.Connection.Side(1 - sender).Has(SideMarks.SentAfterPeerRst) ? " and was not accepted" : "";
        return $"{rst} was not sent by that host{accepted}: {signs}.";
    }

    /// <summary>Returns the numbers because of which the receiver rejects a RST; null if it may have accepted it.</summary>
    private static string? ReasonOf(CloseFacts facts, LogPlace at)
    {
        ref readonly Observation reset = ref facts.Connection.Log.Get(at);
        ref readonly Side sender = ref facts.Connection.Side(reset.Sender);
        ref readonly Side receiver = ref facts.Connection.Side(1 - reset.Sender);
        if ((reset.Marks & ObservationMarks.Fits) != 0)
            return null;
        if ((reset.Marks & ObservationMarks.MeetsSynSent) != 0)
            return (reset.Flags & TcpFlags.Ack) == 0 ? "it does not acknowledge the SYN" : $"ack={reset.Acknowledgment.CountFrom(receiver.BaseSequence)}, expected 1";
        bool isLater = reset.At < sender.EffectiveRstAt;
        if (!isLater && CloseClassifier.ResetTaken(facts.Connection, reset.Sender))
            return null;
        string number = $"seq={reset.Sequence.CountFrom(sender.BaseSequence)}";
        return Expected(facts, at) is { } expected ? $"{number}, expected {expected.CountFrom(sender.BaseSequence)}" : $"{number} is not the next number that {facts.Name(1 - reset.Sender)} expects";
    }

    /// <summary>Returns the number that the receiver expected, which it acknowledges next unless new payload came in between; null if it is not known.</summary>
    private static SequenceNumber? Expected(CloseFacts facts, LogPlace at)
    {
        int sender = facts.Connection.Log.Get(at).Sender;
        for (int i = at.Index + 1; i < facts.Connection.Log.Kept && !facts.Connection.Log.IsGapBefore(i); i++)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.IsIcmp || o.Kind == ObservationKind.Rst)
                continue;
            if (o.Sender == sender && o.Kind is ObservationKind.Data or ObservationKind.Fin or ObservationKind.SynAck)
                return null;
            if (o.Sender != sender && (o.Flags & TcpFlags.Ack) != 0)
                return o.Acknowledgment;
        }

        return null;
    }
}
