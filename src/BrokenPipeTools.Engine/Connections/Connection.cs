using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// One TCP connection as its segments went by: counted in place, with the notable moments kept. It draws no conclusions; the
/// stages after it do.
/// </summary>
internal sealed class Connection
{
    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;

    private Side _side0;
    private Side _side1;
    private ObservationLog _log;
    private CloseWatch _close;
    private ZeekView _zeek;
    private Connection? _chain;

    public Connection(in FlowKey key, int stream)
    {
        Key = key;
        Hash = key.Hash;
        Stream = stream;
    }

    public FlowKey Key { get; }

    public uint Hash { get; }

    /// <summary>Wireshark's tcp.stream.</summary>
    public int Stream { get; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long StartTime { get; private set; }

    public long EndTime { get; private set; }

    /// <summary>The latest time seen; differs from <see cref="EndTime"/> where frames are out of time order.</summary>
    public long LatestTime { get; private set; }

    public long FirstFrame { get; private set; }

    public long LastFrame { get; private set; }

    /// <summary>Nanoseconds of the longest silence.</summary>
    public long MaxGap { get; private set; }

    /// <summary>The end that sent the first SYN or, without one, did not send the SYN-ACK; -1 where neither was seen.</summary>
    public int Opener { get; private set; } = -1;

    /// <summary>The end whose segment came first.</summary>
    public int FirstSender { get; private set; }

    /// <summary>Where in <see cref="Log"/> the closing begins, counted with those left out; -1 where it has not.</summary>
    public int ClosingIndex { get; private set; } = -1;

    /// <summary>Given up to keep within the bound on connections.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>Next in the table's bucket.</summary>
    public Connection? Chain { get => _chain; set => _chain = value; }

    public ref Connection? ChainReference => ref _chain;

    // The table's list by activity:
    public Connection? Older { get; set; }

    public Connection? Newer { get; set; }

    public bool IsListed { get; set; }

    public bool HasSegments => FirstFrame != 0;

    public ref readonly CloseWatch Close => ref _close;

    public ref readonly ZeekView Zeek => ref _zeek;

    public ref readonly ObservationLog Log => ref _log;

    public ref readonly Side Side(int end) => ref end == 0 ? ref _side0 : ref _side1;

    /// <summary>Both sides have closed, or one has reset: nothing more is due, though stragglers may come.</summary>
    public bool IsClosed =>
        (_side0.Has(SideMarks.FinAcknowledged) && _side1.Has(SideMarks.FinAcknowledged))
        || (_side0.Has(SideMarks.RstExact) && !_side0.Has(SideMarks.AliveAfterRst))
        || (_side1.Has(SideMarks.RstExact) && !_side1.Has(SideMarks.AliveAfterRst));

    /// <summary>Whether this segment is a SYN of another connection between the same endpoints (Wireshark's rule).</summary>
    public bool IsReusedBy(in Segment s, int sender)
    {
        ref readonly Side x = ref Side(sender);
        return (s.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn && x.Has(SideMarks.HasBase) && x.BaseSequence != s.Sequence;
    }

    /// <summary>Takes in one segment that <paramref name="sender"/> sent.</summary>
    public void Observe(in Segment s, int sender)
    {
        ref Side x = ref sender == 0 ? ref _side0 : ref _side1;
        ref Side y = ref sender == 0 ? ref _side1 : ref _side0;
        long gap = 0;
        if (FirstFrame == 0)
        {
            FirstFrame = s.Frame;
            StartTime = s.Time;
            LatestTime = s.Time;
            FirstSender = sender;
        }
        else
        {
            gap = s.Time - EndTime;
            if (gap > MaxGap)
                MaxGap = gap;
            if (s.Time > LatestTime)
                LatestTime = s.Time;
        }

        x.Packets++;
        x.PayloadBytes += s.PayloadLength;
        if (s.Checksum == ChecksumState.Bad)
            x.BadChecksums++;
        if (s.IsSnapped)
            x.Marks |= SideMarks.SnappedPayload;

        _zeek.Observe(s, sender, x, y);
        if (((s.Flags & Control) != 0) | _close.HasBegun)
            ObserveNotable(s, sender, ref x, ref y);
        else
            ObserveOrdinary(s, sender, ref x, ref y);

        LastFrame = s.Frame;
        _close.Remember(s, sender, gap);
        EndTime = s.Time;
    }

    /// <summary>An ICMP error that quotes a segment of this connection; it is no segment of it.</summary>
    public void ObserveQuoted(in Segment s, int quotedSender)
    {
        if (!HasSegments)
            return; // the connection has not shown itself yet: there is nothing to count frames and times from
        Record(s, quotedSender, ObservationKind.IcmpError);
        _log.Newest().IcmpType = s.IcmpType;
        _log.Newest().IcmpCode = s.IcmpCode;
    }

    /// <summary>A segment in the middle of an open connection: the hot path. Nothing is allocated but for notable moments.</summary>
    private void ObserveOrdinary(in Segment s, int sender, ref Side x, ref Side y)
    {
        SetBases(s, ref x, ref y);
        bool probe = IsKeepAlive(s, x);
        if (s.PayloadLength > 0)
        {
            x.Marks |= SideMarks.Payload;
            if (x.Sent.Add(s.Sequence, s.EndSequence) == Arrival.Repeated)
                NoteRepeat(s, sender, ref x, probe);
        }
        else if (s.HasLength)
        {
            x.Marks |= SideMarks.PureAck;
            if (!x.Sent.IsKnown)
                x.Sent.Begin(s.Sequence, s.Sequence);
            if (probe)
                NoteRepeat(s, sender, ref x, probe);
        }

        NoteAcknowledgment(s, ref x);
        NoteAnswer(s, sender, ref y);
        NoteWindow(s, sender, ref x);
        x.TimeToLive = s.TimeToLive;
        x.IpIdentification = s.IpIdentification;
    }

    /// <summary>SYN, FIN and RST, and everything after the first FIN or RST.</summary>
    private void ObserveNotable(in Segment s, int sender, ref Side x, ref Side y)
    {
        SetBases(s, ref x, ref y);
        if (!_close.HasBegun && s.Has(TcpFlags.Fin | TcpFlags.Rst))
            BeginClose(s, sender, y);

        if (y.Has(SideMarks.Rst) && !s.Has(TcpFlags.Rst))
            x.Marks |= SideMarks.SentAfterPeerRst;
        if (s.Has(TcpFlags.Syn))
            NoteSyn(s, sender, ref x);
        if (s.Has(TcpFlags.Rst))
            NoteReset(s, sender, ref x, ref y);
        else
            NoteSequence(s, sender, ref x);
        if (s.Has(TcpFlags.Fin))
            NoteFin(s, ref x, ref y);
        NoteAcknowledgment(s, ref x);
        if (y.Has(SideMarks.Fin) && x.Has(SideMarks.HasAcknowledged) && SequenceNumber.IsAtOrAfter(x.Acknowledged, y.FinEnd))
            y.Marks |= SideMarks.FinAcknowledged;
        NoteAnswer(s, sender, ref y);
        if (s.Has(TcpFlags.Rst))
            return;
        NoteWindow(s, sender, ref x);
        x.TimeToLive = s.TimeToLive;
        x.IpIdentification = s.IpIdentification;
    }

    /// <summary>The closing begins with this segment, or with the one it answers; that one is in the log then, if it was not already.</summary>
    private void BeginClose(in Segment s, int sender, in Side y)
    {
        bool answers = _close.Begin(s, sender, EndTime, StartTime, LastFrame, FirstFrame, y.Sent.Next, out Observation trigger);
        bool isLogged = answers && _log.Count > 0 && _log.Newest().Frame == trigger.Frame;
        ClosingIndex = isLogged ? _log.Count - 1 : _log.Count;
        if (answers && !isLogged)
            _log.Add(trigger);
    }

    private void NoteSequence(in Segment s, int sender, ref Side x)
    {
        bool probe = IsKeepAlive(s, x);
        uint end = s.EndSequence;
        bool repeated = false;
        if (end != s.Sequence)
        {
            Arrival arrival = x.Sent.Add(s.Sequence, end);
            repeated = arrival == Arrival.Repeated && !(s.Has(TcpFlags.Syn) && x.Packets == 1);
            if (arrival != Arrival.Repeated && x.Has(SideMarks.Rst) && (s.Has(TcpFlags.Syn) || SequenceNumber.IsAfter(end, x.RstSequence)))
                x.Marks |= SideMarks.AliveAfterRst;
        }
        else if (!x.Sent.IsKnown && s.HasLength)
        {
            x.Sent.Begin(s.Sequence, s.Sequence);
        }

        if (s.PayloadLength > 0)
            x.Marks |= SideMarks.Payload;
        else if (!s.Has(TcpFlags.Syn))
            x.Marks |= SideMarks.PureAck;
        if (repeated || probe)
            NoteRepeat(s, sender, ref x, probe);
        else if (!s.Has(TcpFlags.Syn))
            Record(s, sender, s.Has(TcpFlags.Fin) ? ObservationKind.Fin : s.PayloadLength > 0 ? ObservationKind.Data : ObservationKind.Ack);
    }

    private void NoteSyn(in Segment s, int sender, ref Side x)
    {
        bool answer = s.Has(TcpFlags.Ack);
        SideMarks mark = answer ? SideMarks.SynAck : SideMarks.Syn;
        if (!x.Has(mark))
            Record(s, sender, answer ? ObservationKind.SynAck : ObservationKind.Syn);
        x.Marks |= mark;
        x.WindowScale = s.WindowScale;
        if (!answer && !Side(1 - sender).Has(SideMarks.Syn))
            Opener = sender; // a bare SYN decides, whatever was seen before
        else if (answer && Opener < 0)
            Opener = 1 - sender;
    }

    private static void NoteFin(in Segment s, ref Side x, ref Side y)
    {
        if (x.Has(SideMarks.Fin))
            return;
        x.Marks |= SideMarks.Fin;
        x.FinFrame = s.Frame;
        x.FinEnd = s.EndSequence;
        if (y.Has(SideMarks.Fin) && !SequenceNumber.IsAtOrAfter(s.Acknowledgment, y.FinEnd))
            x.Marks |= SideMarks.FinCrossed;
    }

    private void NoteReset(in Segment s, int sender, ref Side x, ref Side y)
    {
        // An earlier RST that was not taken says nothing of this one.
        bool earlierHolds = x.Has(SideMarks.RstExact) && !x.Has(SideMarks.AliveAfterRst);
        if (!earlierHolds)
        {
            x.Marks &= ~(SideMarks.RstExact | SideMarks.AliveAfterRst);
            y.Marks &= ~SideMarks.SentAfterPeerRst;
            x.EffectiveRstFrame = s.Frame;
            if (ResetRule.IsExact(s, x, y))
                x.Marks |= SideMarks.RstExact;
        }

        if (!x.Has(SideMarks.Rst))
            x.RstFrame = s.Frame;
        x.Marks |= SideMarks.Rst;
        if (s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Syn) && s.PayloadLength == 0)
            x.Marks |= SideMarks.RstAck;
        x.RstSequence = s.Sequence;
        Record(s, sender, ObservationKind.Rst);
    }

    private void NoteRepeat(in Segment s, int sender, ref Side x, bool probe)
    {
        x.Unanswered++;
        if (probe)
            x.Marks |= SideMarks.KeepAlivePending;
        else if (s.PayloadLength > 0)
            x.Retransmissions++;
        Record(s, sender, probe ? ObservationKind.KeepAlive : ObservationKind.Retransmission);
    }

    private static void NoteAcknowledgment(in Segment s, ref Side x)
    {
        if (!s.Has(TcpFlags.Ack) || s.Has(TcpFlags.Rst))
            return;
        if (!x.Has(SideMarks.HasAcknowledged) || SequenceNumber.IsAfter(s.Acknowledgment, x.Acknowledged))
            x.Acknowledged = s.Acknowledgment;
        x.Marks |= SideMarks.HasAcknowledged;
    }

    /// <summary>Anything at all from the other side shows that it is there.</summary>
    private void NoteAnswer(in Segment s, int sender, ref Side y)
    {
        y.Unanswered = 0;
        if (!y.Has(SideMarks.KeepAlivePending))
            return;
        y.Marks &= ~SideMarks.KeepAlivePending;
        if (!_close.HasBegun && s.PayloadLength == 0)
            Record(s, sender, ObservationKind.KeepAliveAnswer);
    }

    private void NoteWindow(in Segment s, int sender, ref Side x)
    {
        bool isZero = s.Window == 0 && s.HasFlags;
        if (isZero == x.Has(SideMarks.ZeroWindow))
            return;
        x.Marks ^= SideMarks.ZeroWindow;
        if (isZero && !_close.HasBegun && !s.Has(TcpFlags.Syn))
            Record(s, sender, ObservationKind.ZeroWindow);
    }

    private static bool IsKeepAlive(in Segment s, in Side x) =>
        s.PayloadLength <= 1 && s.HasLength && x.Sent.IsKnown && s.Sequence == x.Sent.Next - 1
        && (s.Flags & Control) == 0 && x.Packets > 1 && !x.Has(SideMarks.Fin) && x.Sent.Next != x.Sent.First;

    /// <summary>Wireshark's base sequence numbers, without which its stream numbers cannot be reproduced.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetBases(in Segment s, ref Side x, ref Side y)
    {
        const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;
        if ((s.Flags & SynAck) == SynAck && x.Has(SideMarks.HasBase))
            x.BaseSequence = s.Sequence;
        if (!s.HasLength)
            return;
        if (!x.Has(SideMarks.HasBase))
        {
            x.BaseSequence = s.Has(TcpFlags.Syn) ? s.Sequence : s.Sequence - 1;
            x.Marks |= SideMarks.HasBase;
        }

        if (!y.Has(SideMarks.HasBase) && s.Has(TcpFlags.Ack))
        {
            y.BaseSequence = s.Acknowledgment - 1;
            y.Marks |= SideMarks.HasBase;
        }
    }

    /// <summary>Writes a moment down; a like one right after it from the same end is added to it.</summary>
    private void Record(in Segment s, int sender, ObservationKind kind)
    {
        if (_log.Count > 0 && kind is ObservationKind.Ack or ObservationKind.Data)
        {
            ref Observation newest = ref _log.Newest();
            if (newest.Kind == kind && newest.Sender == sender && newest.Count < ushort.MaxValue)
            {
                newest.Count++;
                newest.Length += (uint)s.PayloadLength;
                newest.Acknowledgment = s.Acknowledgment;
                newest.Window = s.Window;
                return;
            }
        }

        _log.Add(new Observation
        {
            Time = s.Time - StartTime,
            Frame = (uint)Math.Clamp(s.Frame - FirstFrame, 0, uint.MaxValue),
            Sequence = s.Sequence,
            Acknowledgment = s.Acknowledgment,
            Length = (uint)s.PayloadLength,
            Window = s.Window,
            IpIdentification = s.IpIdentification,
            Kind = kind,
            Sender = (byte)sender,
            Flags = s.Flags,
            TimeToLive = s.TimeToLive,
            Count = 1,
        });
    }
}
