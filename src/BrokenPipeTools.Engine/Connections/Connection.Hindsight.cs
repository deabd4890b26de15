using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Corrects the meaning of a FIN or RST after a later segment: its host did not send it, or it did not arrive.</summary>
internal sealed partial class Connection
{
    /// <summary>Removes a FIN if a later segment of <paramref name="x"/> shows that its host did not send it.</summary>
    private void RefuseFins(in Segment s, int sender, ref Side x, ref Side y)
    {
        if (y.Has(SideMarks.FinAcknowledgesUnsent) && ShowsUnsent(s, x, y))
        {
            y.RefuseFin(y.FinEnd.Add(-1));
            _log.Reinterpret(1 - sender, ObservationKind.Fin, ObservationKind.RefusedFin);
        }
        else if (x.Has(SideMarks.Fin) && ShowsNoFin(s, x, y))
        {
            x.RefuseFin(s.Sequence);
            _log.Reinterpret(sender, ObservationKind.Fin, ObservationKind.RefusedFin);
        }
    }

    /// <summary>
    /// Notes that a RST did not arrive: after it, a SYN of <paramref name="opener"/> is answered with the same ACK that caused the RST.
    /// </summary>
    private void NoteLostReset(in Segment s, int sender, ref Side opener)
    {
        if (!opener.Has(SideMarks.Rst) || !opener.IsInSynSent || s.PayloadLength > 0 || (s.Flags & (TcpFlags.Ack | Control)) != TcpFlags.Ack
            || s.Acknowledgment != opener.RstSequence || _log.Count == 0)
            return;
        ref readonly Observation before = ref _log.Newest();
        if (before.IsSyn && before.Sender != sender)
            opener.Marks |= SideMarks.RstLost;
    }

    /// <summary>Returns whether the newest SYN of the other side came after the newest RST of this side.</summary>
    private bool SynCameAfterReset(int end)
    {
        for (int i = _log.Kept - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref _log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Rst)
                return false;
            if (o.IsSyn && o.Sender != end)
                return true;
        }

        return false;
    }

    /// <summary>Handles a refused SYN that the client repeats (as Windows does) and that is accepted then: the connection has not closed yet.</summary>
    private void BeginAgain(int end, ref Side refuser)
    {
        refuser.ForgetReset();
        _log.Reinterpret(end, ObservationKind.Rst, ObservationKind.OverruledRst);
        _close = default;
        Extras?.ClosingMessage?.Clear();
        ClosingIndex = -1;
    }

    /// <summary>
    /// Returns whether the other side's FIN acknowledged more than this side had sent: this side sends the next bytes only now, and has not
    /// acknowledged the FIN.
    /// </summary>
    private static bool ShowsUnsent(in Segment s, in Side x, in Side y) => s.PayloadLength > 0 && s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Rst)
        && !y.Has(SideMarks.FinAcknowledged) && x.Sent.IsKnown && !x.Sent.HasGaps && s.Sequence == x.Sent.Next && y.FinEnd.IsAfter(s.Acknowledgment);

    /// <summary>
    /// Returns whether a side cannot have sent its FIN. After a FIN, a host acknowledges with the next number. This side acknowledges data that came
    /// after the FIN with a number before it, and the segment is neither a keepalive nor a window probe.
    /// </summary>
    private static bool ShowsNoFin(in Segment s, in Side x, in Side y)
    {
        const TcpFlags Others = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;
        return s.PayloadLength == 0 && (s.Flags & (TcpFlags.Ack | Others)) == TcpFlags.Ack && s.HasLength && !x.Has(SideMarks.FinAcknowledged)
            && x.Has(SideMarks.HasAcknowledged) && s.Acknowledgment.IsAfter(x.Acknowledged) && x.FinEnd.Add(-1).IsAfter(s.Sequence)
            && y.Has(SideMarks.HasAcknowledged) && s.Sequence == y.Acknowledged && !y.Has(SideMarks.ZeroWindow);
    }
}
