using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// One TCP connection: counts of its segments, and a log of the notable ones. Conclusions are drawn in later rooms.
/// </summary>
internal sealed partial class Connection
{
    /// <summary>Nanoseconds. Frames of several interfaces or processors are out of order by less.</summary>
    private const long ShortestStep = 100 * Nanoseconds.PerMillisecond;

    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;

    private Side _side0;
    private Side _side1;
    private ObservationLog _log;
    private CloseWatch _close;
    private ZeekView _zeek;
    private IpBits _address0;
    private IpBits _address1;
    private ushort _port0;
    private ushort _port1;
    private bool _isIPv6;
    private bool _hasExtras;
    private ConnectionExtras? _extras; // belongs to the previous connection unless _hasExtras
    private ushort _lacks;

    public FlowKey Key => new(_address0, _address1, _port0, _port1, _isIPv6);

    /// <summary>Returns the endpoint of an end: 0 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Endpoint Endpoint(int end) => end == 0 ? new Endpoint(_address0, _port0, _isIPv6) : new Endpoint(_address1, _port1, _isIPv6);

    /// <summary>Returns whether a segment has the endpoints of this connection.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="sender">The end that has its source address.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasEndpointsOf(in Segment s, int sender) => _isIPv6 == s.IsIPv6 && (sender == 0
        ? _port0 == s.SourcePort && _port1 == s.DestinationPort && _address0 == s.Source && _address1 == s.Destination
        : _port1 == s.SourcePort && _port0 == s.DestinationPort && _address1 == s.Source && _address0 == s.Destination);

    public uint Hash { get; private set; }

    /// <summary>Wireshark's tcp.stream.</summary>
    public int Stream { get; private set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long StartTime { get; private set; }

    public long EndTime { get; private set; }

    /// <summary>The latest time of a segment; differs from <see cref="EndTime"/> if frames are out of time order.</summary>
    public long LatestTime => Math.Max(EndTime, Extras?.LatestTime ?? 0);

    public long FirstFrame { get; private set; }

    public long LastFrame { get; private set; }

    /// <summary>
    /// Returns whether a time between two segments may be wrong by as much as it is long: the clock was set back while the connection was open, or the
    /// frames have the times of two clocks.
    /// </summary>
    /// <param name="nanoseconds">The time between the segments.</param>
    public bool IsDoubtful(long nanoseconds) => Extras is { StepBack: >= ShortestStep and var step } && nanoseconds <= 2 * step;

    /// <summary>Nanoseconds of the longest silence.</summary>
    public long MaxGap { get; private set; }

    /// <summary>The end that sent the first SYN or, without one, did not send the SYN-ACK; -1 if neither was seen.</summary>
    public sbyte Opener { get; private set; } = -1;

    /// <summary>The end that sent the first segment.</summary>
    public sbyte FirstSender { get; private set; }

    /// <summary>Whether it was removed to keep within the bound on connections.</summary>
    public bool IsEvicted { get; set; }

    /// <summary>Whether a SYN between the same endpoints began another connection in its place.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>The number of the connection in the table's queue of closed connections; meaningless for an open one.</summary>
    public uint LingeringNumber { get; set; }

    /// <summary>All fields that the frames of its segments lack.</summary>
    public FrameLacks Lacks => (FrameLacks)_lacks;

    /// <summary>The index in <see cref="Log"/> at which the closing begins, including observations that were left out; -1 if the closing has not begun.</summary>
    public int ClosingIndex { get; private set; } = -1;

    /// <summary>Whether the payload of a segment contains the text of <see cref="Analysis.RecordFilter.Contains"/>.</summary>
    public bool HoldsText { get; set; }

    /// <summary>The place of the connection in the table's activity list; not used if the table has no such list.</summary>
    public int ActivityPlace { get; set; }

    /// <summary>The bytes of the frames in <see cref="Log"/>; null if they were not requested.</summary>
    public LoggedFrames? Frames
    {
        get => Extras?.Frames;
        set => NeedExtras().Frames = value;
    }

    public bool HasSegments => FirstFrame != 0;

    public ref readonly CloseWatch Close => ref _close;

    public ref readonly ZeekView Zeek => ref _zeek;

    public ref readonly ObservationLog Log => ref _log;

    /// <summary>Whether both sides have closed, or one has sent a RST: only late segments may still come.</summary>
    public bool IsClosed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((_side0.Marks | _side1.Marks) & (SideMarks.FinAcknowledged | SideMarks.RstExact)) != 0 && IsClosedForBoth;
    }

    private bool IsClosedForBoth =>
        (_side0.Marks & _side1.Marks & SideMarks.FinAcknowledged) != 0
        || (_side0.Marks & (SideMarks.RstExact | SideMarks.AliveAfterRst)) == SideMarks.RstExact
        || (_side1.Marks & (SideMarks.RstExact | SideMarks.AliveAfterRst)) == SideMarks.RstExact;

    /// <summary>Begins a connection, in place of the one that this object held before, if any.</summary>
    public void Begin(in FlowKey key, uint hash, int stream)
    {
        _address0 = key.Address0;
        _address1 = key.Address1;
        _port0 = key.Port0;
        _port1 = key.Port1;
        _isIPv6 = key.IsIPv6;
        Hash = hash;
        Stream = stream;
        _side0 = default;
        _side1 = default;
        _close = default;
        _zeek = default;
        _log.Clear();
        StartTime = EndTime = 0;
        FirstFrame = LastFrame = MaxGap = 0;
        Opener = -1;
        ClosingIndex = -1;
        IsEvicted = IsReplaced = HoldsText = false;
        _lacks = 0;
        _hasExtras = false;
    }

    private ConnectionExtras? Extras => _hasExtras ? _extras : null;

    private ConnectionExtras NeedExtras()
    {
        if (_hasExtras)
            return _extras!;
        _extras ??= new ConnectionExtras();
        _extras.Clear();
        _hasExtras = true;
        return _extras;
    }

    public ref readonly Side Side(int end) => ref end == 0 ? ref _side0 : ref _side1;

    /// <summary>Adds a segment that <paramref name="sender"/> sent, and the text that it refers to, if any.</summary>
    public void Observe(in Segment s, int sender, string? text = null)
    {
        ref Side x = ref sender == 0 ? ref _side0 : ref _side1;
        ref Side y = ref sender == 0 ? ref _side1 : ref _side0;
        long gap = FirstFrame == 0 ? BeginWith(s, sender) : s.Time - LastCapturedTime;
        if (gap > MaxGap)
            MaxGap = gap;
        if (s.Time < EndTime)
            NoteStepBack(EndTime - s.Time);
        _lacks |= (ushort)s.Lacks;
        x.Count(s);
        _zeek.Observe(s, sender, x, y);
        NoteWords(s, sender, x, text);
        if (s.Multipath != Multipath.None)
            NoteMultipath(s, sender);
        x.NoteBase(s);
        y.NoteBaseFromPeer(s);
        bool probe = false;
        if (((s.Flags & Control) == 0) & !_close.HasBegun)
            probe = ObserveOrdinary(s, sender, ref x, ref y);
        else if (IgnoredFlags(s.Flags) != TcpFlags.None)
            ObserveWithout(IgnoredFlags(s.Flags), s, sender, ref x, ref y);
        else
            ObserveNotable(s, sender, ref x, ref y);

        LastFrame = s.Frame;
        EndTime = s.Time;
        if (_close.HasBegun)
            return;
        int payload = probe ? 0 : s.PayloadLength;
        if (payload > 0)
            WatchForClosingMessage(s, sender, gap);
        _close.Remember(s, sender, gap, payload);
    }

    /// <summary>Notes that a segment is earlier than the one before it.</summary>
    private void NoteStepBack(long step)
    {
        ConnectionExtras extras = NeedExtras();
        extras.LatestTime = LatestTime;
        extras.StepBack = Math.Max(extras.StepBack, step);
    }

    /// <summary>
    /// Returns the flags that hosts ignore. They check RST first, and ignore FIN in a segment with SYN: tcp_rcv_state_process() drops a SYN with FIN,
    /// and tcp_rcv_synsent_state_process() accepts the SYN-ACK without its FIN (net/ipv4/tcp_input.c).
    /// </summary>
    private static TcpFlags IgnoredFlags(TcpFlags flags) =>
        (flags & TcpFlags.Rst) != 0 ? flags & (TcpFlags.Syn | TcpFlags.Fin) : (flags & TcpFlags.Syn) != 0 ? flags & TcpFlags.Fin : TcpFlags.None;

    [MethodImpl(MethodImplOptions.NoInlining)] // not inlined, because a copy of the segment would then be made for every segment
    private void ObserveWithout(TcpFlags ignored, in Segment s, int sender, ref Side x, ref Side y) =>
        ObserveNotable(s with { Flags = s.Flags & ~ignored }, sender, ref x, ref y);

    private long BeginWith(in Segment s, int sender)
    {
        FirstFrame = s.Frame;
        StartTime = s.Time;
        FirstSender = (sbyte)sender;
        return 0;
    }

    /// <summary>
    /// Adds a segment in the middle of an open connection. This is the hot path: it allocates only for notable moments. Returns whether the segment
    /// is a keepalive or window probe, whose byte is not payload.
    /// </summary>
    private bool ObserveOrdinary(in Segment s, int sender, ref Side x, ref Side y)
    {
        bool probe = x.IsKeepAlive(s, y);
        if (s.PayloadLength > 0)
        {
            x.Marks |= SideMarks.Payload;
            if (x.Sent.Add(s.Sequence, s.EndSequence) == Arrival.Repeated)
                NoteRepeat(s, sender, ref x, probe);
            else
                x.NoteSent(s, y.Acknowledged);
        }
        else if (s.HasLength)
        {
            x.Marks |= SideMarks.PureAck;
            if (!x.Sent.IsKnown)
                x.Sent.Begin(s.Sequence, s.Sequence);
            if (probe)
                NoteRepeat(s, sender, ref x, probe);
            else if (y.IsInSynSent && !x.Has(SideMarks.SynAck))
                Record(s, sender, ObservationKind.Ack); // a SYN came to an older connection, or the SYN-ACK was not captured
        }

        x.NoteAcknowledgment(s);
        NoteAnswer(s, sender, ref y, probe);
        NoteWindow(s, sender, ref x);
        x.NoteHeader(s);
        return probe;
    }

    /// <summary>Adds a SYN, FIN or RST, and every segment after the first FIN or RST.</summary>
    private void ObserveNotable(in Segment s, int sender, ref Side x, ref Side y)
    {
        FrameMark at = new(Since(FirstFrame, s.Frame));
        if (!_close.HasBegun && s.Has(TcpFlags.Fin | TcpFlags.Rst))
            BeginClose(s, sender, x, y);
        RefuseFins(s, sender, ref x, ref y);
        NoteLostReset(s, sender, ref y);
        if (y.Has(SideMarks.Rst) && !s.Has(TcpFlags.Rst))
            x.Marks |= SideMarks.SentAfterPeerRst;
        bool isFirstSyn = s.Has(TcpFlags.Syn) && !x.Has(s.Has(TcpFlags.Ack) ? SideMarks.SynAck : SideMarks.Syn);
        if (s.Has(TcpFlags.Syn))
            NoteSyn(s, sender, ref x);
        if (s.Has(TcpFlags.Rst))
        {
            ObservationMarks marks = ResetRule.Marks(s, x, y);
            x.NoteReset(s, ref y, at, marks);
            Record(s, sender, ObservationKind.Rst);
            _log.Newest().Marks |= marks;
        }
        else
        {
            NoteSequence(s, sender, ref x, isFirstSyn);
        }

        if (s.Has(TcpFlags.Fin))
            x.NoteFin(s, y, at);
        x.NoteAcknowledgment(s);
        if (y.Has(SideMarks.Fin) && x.Has(SideMarks.HasAcknowledged) && x.Acknowledged.IsAtOrAfter(y.FinEnd))
            y.Marks |= SideMarks.FinAcknowledged;
        NoteAnswer(s, sender, ref y);
        if (s.Has(TcpFlags.Rst))
            return;
        NoteWindow(s, sender, ref x);
        x.NoteHeader(s);
    }

    /// <summary>
    /// Begins the closing with this segment, or with the one before it, which is then added to the log if it is not there yet: the segment that a RST
    /// answers, or payload that acknowledges a FIN although it was captured before it.
    /// </summary>
    private void BeginClose(in Segment s, int sender, in Side x, in Side y)
    {
        bool isSwapped = _close.AcknowledgesEarly(s, sender) && _close.EndsWithPayload;
        bool answers = _close.Begin(s, sender, EndTime, x, y, Extras?.ClosingMessage) || isSwapped;
        uint last = Since(FirstFrame, LastFrame);
        if (IsDoubtful(_close.Longest))
            _close.ForgetSilence();
        bool isLogged = answers && _log.Count > 0 && _log.Newest().Frame == last;
        ClosingIndex = isLogged ? _log.Count - 1 : _log.Count;
        if (answers && !isLogged)
            _log.Add() = _close.Last(Side(_close.LastSender), EndTime - StartTime, last);
    }

    private static uint Since(long first, long frame) => (uint)Math.Clamp(frame - first, 0, uint.MaxValue - 1);
}
