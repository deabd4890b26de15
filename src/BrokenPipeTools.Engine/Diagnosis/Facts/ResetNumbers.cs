using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// Draws conclusions from the sequence and acknowledgment numbers of RSTs. A sender that forges RSTs without knowing the state of the connection has
/// to guess the numbers, or sends several RSTs because the window moves (RST_SEQ_CHANGE and RST_ACK_CHANGE of Weaver, Sommer and Paxson, NDSS 2009).
/// Linux itself sends bursts of RSTs whose numbers decrease, or repeat, or differ by one around its FIN; it never sends a number above its last byte.
/// </summary>
internal static class ResetNumbers
{
    /// <summary>Seconds. RSTs that are further apart answer different segments.</summary>
    private const double BackToBack = 1;

    public static void AddSigns(CloseFacts facts, List<Finding.Mark> signs)
    {
        ref readonly Side own = ref facts.Connection.Side(facts.ResetSender);
        ref readonly Side peer = ref facts.Connection.Side(facts.ResetReceiver);
        if (own.Sent.HasGaps || peer.Sent.HasGaps)
            return; // the numbers may refer to segments that were not captured
        LogPlace stepped = FindStepped(facts, own, peer);
        if (stepped.Exists)
            signs.Add(new(stepped, $"a second RST (frame {facts.Frame(stepped)}) has a sequence number above all that the host has sent"));
        if (AcknowledgesWrongly(facts.Reset, peer))
            signs.Add(new(facts.ResetAt, "its acknowledgment number is above the data that the host can have received, or below the data that it had acknowledged"));
    }

    /// <summary>
    /// Returns the place of the first RST that comes within <see cref="BackToBack"/> of the effective RST and has a sequence number above that of the
    /// effective RST and of everything that its sender sent.
    /// </summary>
    private static LogPlace FindStepped(CloseFacts facts, in Side own, in Side peer)
    {
        SequenceNumber highest = own.Sent.Next;
        if (peer.Has(SideMarks.HasAcknowledged) && peer.Acknowledged.IsAfter(highest))
            highest = peer.Acknowledged;
        for (int i = own.Sent.IsKnown ? 0 : facts.Connection.Log.Kept; i < facts.Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(i);
            if (o.Kind == ObservationKind.Rst && o.Sender == facts.ResetSender && Math.Abs(facts.Between(facts.ResetAt, new LogPlace(i))) <= BackToBack
                && o.Sequence.IsAfter(highest) && o.Sequence.IsAfter(facts.Reset.Sequence))
            {
                return new LogPlace(i);
            }
        }

        return LogPlace.None;
    }

    /// <summary>
    /// Returns whether a RST has an impossible acknowledgment number. A host acknowledges at most the bytes that were sent to it (slightly more may
    /// be data that was not captured), and never less than before. A RST in answer to a SYN (sequence number 0) is an exception.
    /// </summary>
    private static bool AcknowledgesWrongly(in Observation reset, in Side peer)
    {
        if ((reset.Flags & TcpFlags.Ack) == 0 || reset.Sequence == default || !peer.Sent.IsKnown)
            return false;
        return (reset.Acknowledgment.IsAfter(peer.Sent.Next) && reset.Acknowledgment.CountFrom(peer.Sent.Next) > HandshakeAnswer.Reachable) || (reset.Marks & ObservationMarks.AcknowledgesLess) != 0;
    }
}
