using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>One direction of a connection: counts and newest values of the segments of this side, updated in place.</summary>
internal struct Side
{
    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;
    private const int DirectionShift = 20; // PacketDirection.Incoming becomes SideMarks.Incoming

    /// <summary>The value of an overflow: if a 32-bit counter overflows, it begins again at 0, and this is added to its carry.</summary>
    private const long Full = 1L << 32;

    private SideExtras? _extras;
    public SequenceSpace Sent;
    private uint _packets;
    private uint _payloadBytes;

    /// <summary>The payload segments of this side that arrived, and those that did not.</summary>
    public Passage Passage;

    /// <summary>The first FIN.</summary>
    public FrameMark FinAt;

    /// <summary>The effective RST: the first one, unless that was not accepted and a later one came.</summary>
    public FrameMark EffectiveRstAt;

    /// <summary>The initial sequence number or, if it was not captured, the number that Wireshark guesses: it decides whether a SYN begins a new stream.</summary>
    public SequenceNumber BaseSequence;

    /// <summary>The highest acknowledgment number this side has sent.</summary>
    public SequenceNumber Acknowledged;

    /// <summary>The sequence number after the FIN.</summary>
    public SequenceNumber FinEnd;

    /// <summary>The sequence number of the newest RST.</summary>
    public SequenceNumber RstSequence;

    /// <summary>The time of the newest segment that is not a RST, in nanoseconds since 1970.</summary>
    public long LastTime;

    public SideMarks Marks;

    /// <summary>Segments that this side repeated (payload, SYN, FIN, keepalive) since the other side last sent anything. The counter stops at its maximum.</summary>
    public ushort Unanswered;

    /// <summary>The IP ID of the newest segment other than a RST.</summary>
    public ushort IpIdentification;

    /// <summary>The window of the newest segment other than a RST, not scaled.</summary>
    public ushort Window;

    /// <summary>The TTL or hop limit of the newest segment other than a RST.</summary>
    public byte TimeToLive;

    /// <summary>The TTL of its duplicates, if it differs; 0 for none.</summary>
    public byte DuplicateTimeToLive;

    /// <summary>Segments, without duplicates.</summary>
    public readonly long Packets => _packets + (_extras?.PacketsAbove ?? 0);

    /// <summary>Payload bytes, without those of duplicates.</summary>
    public readonly long PayloadBytes => _payloadBytes + (_extras?.PayloadAbove ?? 0);

    /// <summary>The first RST.</summary>
    public readonly FrameMark RstAt => _extras?.EarlierRstAt is { Exists: true } earlier ? earlier : EffectiveRstAt;

    /// <inheritdoc cref="SideExtras.Retransmissions"/>
    public readonly int Retransmissions => _extras?.Retransmissions ?? 0;

    /// <inheritdoc cref="SideExtras.Sack"/>
    public readonly SequenceRange Sack => _extras?.Sack ?? default;

    /// <summary>Whether the other side has reported numbers that arrived out of order.</summary>
    public readonly bool HasSack => !Sack.IsEmpty;

    public readonly bool Has(SideMarks marks) => (Marks & marks) != 0;

    /// <summary>Returns whether this side begins another connection between the same endpoints with this segment (Wireshark's rule).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool BeginsAnother(in Segment s) =>
        (s.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn && Has(SideMarks.HasBase) && BaseSequence != s.Sequence;

    /// <summary>Counts a segment that this side sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(in Segment s)
    {
        _packets++;
        _payloadBytes += (uint)s.PayloadLength;
        if (_packets == 0 || _payloadBytes < (uint)s.PayloadLength)
            CarryOver(s);
        if (s.Checksum == ChecksumState.Bad)
            Marks |= SideMarks.BadChecksum;
        if (s.IsSnapped)
            Marks |= SideMarks.SnappedPayload;
    }

    /// <summary>Handles a 32-bit counter that overflowed with this segment.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CarryOver(in Segment s)
    {
        _extras ??= new SideExtras();
        if (_packets == 0)
            _extras.PacketsAbove += Full;
        if (_payloadBytes < (uint)s.PayloadLength)
            _extras.PayloadAbove += Full;
    }

    /// <summary>Stores the IP header's fields of this side's segments, but not of a RST, because it may be forged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteHeader(in Segment s)
    {
        if (TimeToLive != s.TimeToLive)
            NoteTimeToLive(s.TimeToLive);
        Marks |= (SideMarks)((int)s.Direction << DirectionShift);
        if (Has(SideMarks.Timestamps) && !s.HasTimestamps)
            Marks |= SideMarks.LacksTimestamps;
        IpIdentification = s.IpIdentification;
        Window = s.Window;
        LastTime = s.Time;
    }

    private void NoteTimeToLive(byte timeToLive)
    {
        if (TimeToLive != 0)
            Marks |= SideMarks.SeveralTimeToLives;
        TimeToLive = timeToLive;
    }

    /// <summary>Stores the base number of this side, which sent <paramref name="s"/>, as Wireshark computes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteBase(in Segment s)
    {
        const TcpFlags SynAck = TcpFlags.Syn | TcpFlags.Ack;
        bool isSynAck = (s.Flags & SynAck) == SynAck && Has(SideMarks.HasBase);
        if (!isSynAck && (!s.HasLength || Has(SideMarks.HasBase)))
            return;
        BaseSequence = s.Has(TcpFlags.Syn) ? s.Sequence : s.Sequence.Add(-1);
        Marks |= SideMarks.HasBase;
    }

    /// <summary>Stores the base number of this side from the acknowledgment number of a segment of the other side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteBaseFromPeer(in Segment s)
    {
        if (Has(SideMarks.HasBase) || !s.HasLength || !s.Has(TcpFlags.Ack))
            return;
        BaseSequence = s.Acknowledgment.Add(-1);
        Marks |= SideMarks.HasBase;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteAcknowledgment(in Segment s)
    {
        if (!s.Has(TcpFlags.Ack) || s.Has(TcpFlags.Rst))
            return;
        if (!Has(SideMarks.HasAcknowledged) || s.Acknowledgment.IsAfter(Acknowledged))
            Acknowledged = s.Acknowledgment;
        Marks |= SideMarks.HasAcknowledged;
    }

    /// <summary>Whether this side has sent a SYN, and has acknowledged nothing yet.</summary>
    public readonly bool IsInSynSent => (Marks & (SideMarks.Syn | SideMarks.HasAcknowledged)) == SideMarks.Syn;

    /// <summary>Returns whether this side had acknowledged the whole of a segment of the other side.</summary>
    public readonly bool HasAcknowledgedAll(in Segment s) => Has(SideMarks.HasAcknowledged) && Acknowledged.IsAtOrAfter(s.EndSequence);

    /// <summary>Counts a segment of this side whose numbers had all been seen, or a keepalive probe.</summary>
    public void NoteRepeat(in Segment s, bool isProbe)
    {
        if (Unanswered < ushort.MaxValue)
            Unanswered++;
        Marks |= isProbe ? SideMarks.KeepAlivePending : SideMarks.Repeated;
        if (!isProbe && s.PayloadLength > 0)
        {
            (_extras ??= new SideExtras()).Retransmissions++;
            if (!s.DontFragment)
                Marks |= SideMarks.RepeatedWithoutDf;
        }
    }

    /// <summary>
    /// Adds a new payload segment of this side. <paramref name="acknowledged"/> is the highest number that the other side has acknowledged so far.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteSent(in Segment s, SequenceNumber acknowledged) => Passage.NoteSent(s, acknowledged, ref _extras);

    /// <summary>Stores the out-of-order data that the other side reports with <paramref name="s"/> (SACK).</summary>
    public void NoteSack(in Segment s) => (_extras ??= new SideExtras()).Sack = s.Sack;

    /// <inheritdoc cref="Passage.ClassesAround"/>
    public readonly (byte Passed, byte Lost)? ClassesAround(SequenceNumber acknowledged) => Passage.ClassesAround(acknowledged, _extras);

    /// <summary>Adds the first FIN of this side. <paramref name="peer"/> is the other side before the FIN.</summary>
    public void NoteFin(in Segment s, in Side peer, FrameMark at)
    {
        if (Has(SideMarks.Fin))
            return;
        Marks |= SideMarks.Fin;
        FinAt = at;
        FinEnd = s.EndSequence;
        if (peer.Has(SideMarks.Syn | SideMarks.SynAck) && !peer.Sent.HasGaps && s.Has(TcpFlags.Ack) && s.Acknowledgment.IsAfter(peer.Sent.Next))
            Marks |= SideMarks.FinAcknowledgesUnsent;

        // If a segment before the peer's FIN has not arrived, the program cannot see that FIN yet. If the gap is acknowledged, only the capture lacks
        // that segment.
        if (peer.Has(SideMarks.Fin) && !peer.Sent.HasGapAfter(s.Acknowledgment) && !s.Acknowledgment.IsAtOrAfter(peer.FinEnd))
            Marks |= SideMarks.FinCrossed;
    }

    /// <summary>
    /// Returns whether a segment is the FIN of this side once more, with a number after the FIN, which no other side waits for. Some TCP
    /// implementations outside the kernel (VPN and capture programs of telephones) send it.
    /// </summary>
    public readonly bool CountsFinAgain(in Segment s) => s.Has(TcpFlags.Fin) && Has(SideMarks.Fin) && s.PayloadLength == 0 && s.Sequence == FinEnd;

    /// <summary>Removes the FIN: this side did not send it, and it was dropped. <paramref name="next"/> is the next sequence number of this side.</summary>
    public void RefuseFin(SequenceNumber next)
    {
        Marks &= ~(SideMarks.Fin | SideMarks.FinAcknowledgesUnsent | SideMarks.FinCrossed);
        Sent.Begin(Sent.First, next);
        FinAt = FrameMark.None;
        FinEnd = default;
    }

    /// <summary>Adds a RST of this side; <paramref name="peer"/> receives it.</summary>
    public void NoteReset(in Segment s, ref Side peer, FrameMark at, ObservationMarks marks)
    {
        // An earlier RST that was not accepted does not matter for this one.
        bool earlierHolds = Has(SideMarks.RstExact) && !Has(SideMarks.AliveAfterRst);
        if (!earlierHolds)
        {
            Marks &= ~(SideMarks.RstExact | SideMarks.RstUnfit | SideMarks.AliveAfterRst | SideMarks.RstIncoming | SideMarks.RstOutgoing);
            Marks |= ((s.Direction & PacketDirection.Incoming) != 0 ? SideMarks.RstIncoming : 0) | ((s.Direction & PacketDirection.Outgoing) != 0 ? SideMarks.RstOutgoing : 0);
            peer.Marks &= ~SideMarks.SentAfterPeerRst;
            KeepEarlierReset();
            EffectiveRstAt = at;
            if ((marks & ObservationMarks.Fits) != 0)
                Marks |= SideMarks.RstExact;
            else if (ResetRule.IsUnfit(s, this, peer))
                Marks |= SideMarks.RstUnfit;
        }

        Marks |= SideMarks.Rst;
        if (s.Has(TcpFlags.Ack) && !s.Has(TcpFlags.Syn) && s.PayloadLength == 0)
            Marks |= SideMarks.RstAck;
        RstSequence = s.Sequence;
    }

    /// <summary>Stores the frame of the first RST elsewhere, before another one becomes the effective one.</summary>
    private void KeepEarlierReset()
    {
        if (RstAt.Exists)
            (_extras ??= new SideExtras()).EarlierRstAt = RstAt;
    }

    /// <summary>Removes a RST that refused only an earlier SYN: it does not end the connection that follows.</summary>
    public void ForgetReset()
    {
        Marks &= ~(SideMarks.Rst | SideMarks.RstExact | SideMarks.RstUnfit | SideMarks.RstAck | SideMarks.AliveAfterRst | SideMarks.RstIncoming | SideMarks.RstOutgoing);
        KeepEarlierReset();
        EffectiveRstAt = FrameMark.None;
    }

    /// <summary>
    /// Returns whether a repeated byte belongs to a probe, and is not the retransmission of a write of one byte: a keepalive probe is sent when all
    /// payload is acknowledged, and a window probe while the window is zero.
    /// </summary>
    private readonly bool IsProbeByte(in Side peer) =>
        peer.Has(SideMarks.ZeroWindow) || !peer.Has(SideMarks.HasAcknowledged) || peer.Acknowledged.IsAtOrAfter(Sent.Next);

    /// <summary>
    /// Returns whether a segment is a keepalive probe (RFC 9293, section 3.8.4): no payload, or one old byte, with a sequence number one below the
    /// next. A window probe looks the same. After the side's own FIN, the FIN must be acknowledged first, because until then a late ACK has the same
    /// number. <paramref name="peer"/> is the other side.
    /// </summary>
    public readonly bool IsKeepAlive(in Segment s, in Side peer) =>
        s.PayloadLength <= 1 && (s.PayloadLength == 0 || IsProbeByte(peer)) && s.HasLength && Sent.IsKnown && s.Sequence == Sent.Next.Add(-1)
        && (s.Flags & Control) == 0 && Packets > 1 && (Marks & (SideMarks.Fin | SideMarks.FinAcknowledged)) != SideMarks.Fin;
}
