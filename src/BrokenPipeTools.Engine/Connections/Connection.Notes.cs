using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Adds a segment to the counts of its side and to the log.</summary>
internal sealed partial class Connection
{
    /// <summary>Nanoseconds. Packets of a flow that overtake each other are closer together than this.</summary>
    private const long Overtaken = Nanoseconds.PerMillisecond;

    private void NoteSequence(in Segment s, int sender, ref Side x, bool isFirstSyn)
    {
        bool probe = x.IsKeepAlive(s, Side(1 - sender));
        SequenceNumber end = s.EndSequence;
        bool repeated = x.CountsFinAgain(s);
        if (end != s.Sequence && !repeated)
        {
            if (isFirstSyn)
                ForgetOlder(s, sender, ref x);
            Arrival arrival = x.Sent.Add(s.Sequence, end);
            repeated = arrival == Arrival.Repeated && !isFirstSyn && !IsFirstFin(s, x); // in a simultaneous open, the SYN-ACK has the sequence number of the SYN
            if (arrival != Arrival.Repeated && x.Has(SideMarks.Rst) && (s.Has(TcpFlags.Syn) || end.IsAfter(x.RstSequence)))
                x.Marks |= SideMarks.AliveAfterRst;
        }
        else if (x.Has(SideMarks.Rst) && s.Has(TcpFlags.Ack) && ShowsLife(s, x))
        {
            x.Marks |= SideMarks.AliveAfterRst; // a host without the connection acknowledges nothing
        }
        else if (!x.Sent.IsKnown && s.HasLength)
        {
            x.Sent.Begin(s.Sequence, s.Sequence);
        }

        if (s.PayloadLength > 0 && !s.Has(TcpFlags.Syn)) // the acknowledgment of a SYN's payload does not show that the handshake is over
            x.Marks |= SideMarks.Payload;
        else if (!s.Has(TcpFlags.Syn))
            x.Marks |= SideMarks.PureAck;
        if (s.PayloadLength > 0 && !repeated && !s.Has(TcpFlags.Syn))
            x.NoteSent(s, Side(1 - sender).Acknowledged);
        if (repeated || probe)
            NoteRepeat(s, sender, ref x, probe);
        else if (!s.Has(TcpFlags.Syn))
            Record(s, sender, s.Has(TcpFlags.Fin) ? ObservationKind.Fin : s.PayloadLength > 0 ? ObservationKind.Data : ObservationKind.Ack);
    }

    /// <summary>Returns whether a segment has the first FIN of its side. Some implementations outside the kernel give it a number that was used.</summary>
    private static bool IsFirstFin(in Segment s, in Side x) => s.Has(TcpFlags.Fin) && !x.Has(SideMarks.Fin);

    /// <summary>
    /// Removes sequence numbers that came before the SYN: they belong to an older connection, from which a host that still holds it answered (RFC
    /// 9293, section 3.10.7.4). They are lower, or the other side has refused them with a RST; others may be segments that were captured too early.
    /// </summary>
    private void ForgetOlder(in Segment s, int sender, ref Side x)
    {
        if (!x.Sent.IsKnown || !(Side(1 - sender).Has(SideMarks.Rst) || s.Sequence.IsAtOrAfter(x.Sent.Next)))
            return;
        x.Sent.Begin(s.Sequence, s.Sequence);
        x.Marks &= ~SideMarks.HasAcknowledged;
    }

    /// <summary>
    /// Returns whether an ACK was sent after the RST of its side. One that comes within a millisecond of the RST may have been overtaken by it.
    /// </summary>
    private bool ShowsLife(in Segment s, in Side x) => s.Time - EndTime >= Overtaken || new FrameMark(Since(FirstFrame, LastFrame)) != x.EffectiveRstAt;

    private void NoteSyn(in Segment s, int sender, ref Side x)
    {
        bool answer = s.Has(TcpFlags.Ack);
        SideMarks mark = answer ? SideMarks.SynAck : SideMarks.Syn;
        if (answer && !x.Has(mark) && x.Has(SideMarks.Rst) && SynCameAfterReset(sender))
            BeginAgain(sender, ref x);
        if (!x.Has(mark))
            Record(s, sender, answer ? ObservationKind.SynAck : ObservationKind.Syn);
        x.Marks |= mark | (s.HasTimestamps ? SideMarks.Timestamps : 0);
        if (!answer && !Side(1 - sender).Has(SideMarks.Syn))
            Opener = (sbyte)sender; // a SYN without ACK decides, whatever was captured before
        else if (answer && Opener < 0)
            Opener = (sbyte)(1 - sender);
    }

    private void NoteRepeat(in Segment s, int sender, ref Side x, bool probe)
    {
        x.NoteRepeat(s, probe);
        Record(s, sender, probe ? ObservationKind.KeepAlive : ObservationKind.Retransmission);
        if (!probe && Side(1 - sender).HasAcknowledgedAll(s))
            _log.Newest().Marks |= ObservationMarks.RepeatsAcknowledged;
    }

    /// <summary>
    /// Resets the count of unanswered segments: any segment of the other side shows that it exists. A probe of the other side does not answer this side's
    /// probe: both may be lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteAnswer(in Segment s, int sender, ref Side y, bool isProbe = false)
    {
        y.Unanswered = 0;
        if (!s.Sack.IsEmpty)
            y.NoteSack(s);
        if (!y.Has(SideMarks.KeepAlivePending) || isProbe)
            return;
        y.Marks &= ~SideMarks.KeepAlivePending;
        if (!_close.HasBegun)
            Record(s, sender, ObservationKind.KeepAliveAnswer);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteWindow(in Segment s, int sender, ref Side x)
    {
        bool isZero = s.Window == 0;
        if (isZero == x.Has(SideMarks.ZeroWindow) || !s.Has(TcpFlags.Ack)) // hosts drop a segment without ACK (RFC 9293, section 3.10.7.4)
            return;
        x.Marks ^= SideMarks.ZeroWindow;
        if (isZero && !_close.HasBegun && !s.Has(TcpFlags.Syn))
            Record(s, sender, ObservationKind.ZeroWindow);
    }

    /// <summary>Adds an observation to the log, or merges it with the previous one if that has the same kind and sender.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Record(in Segment s, int sender, ObservationKind kind)
    {
        if (kind is ObservationKind.Ack or ObservationKind.Data && _log.Count > 0 && _log.Newest().TryAdd(s, sender, kind))
            return;
        _log.Add().Set(s, sender, kind, s.Time - StartTime, Since(FirstFrame, s.Frame));
    }
}
