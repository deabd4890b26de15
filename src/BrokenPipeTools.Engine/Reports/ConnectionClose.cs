using System.Buffers;
using System.Collections.Frozen;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>
/// How one TCP connection closed. Times are UTC. The properties are computed when asked for: a record that is only counted costs nothing more.
/// </summary>
public sealed class ConnectionClose : INaturalOrder<ConnectionClose>
{
    private Connection _connection = null!; // Begin sets these
    private DiagnosisContext _context = null!;
    private int _client;
    private bool _drops;
    private CloseNeighbours? _neighbours;
    private CloseFacts? _facts;
    private Finding _finding;
    private SideResults _results0;
    private SideResults _results1;

    internal ConnectionClose()
    {
    }

    // where

    /// <summary>The capture; "-" for standard input.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Wireshark's tcp.stream number in that capture.</summary>
    public int Stream => _connection.Stream;

    /// <summary>The side that sent the SYN.</summary>
    public string ClientAddress => Address(_client);

    public int ClientPort => Port(_client);

    public string ServerAddress => Address(1 - _client);

    public int ServerPort => Port(1 - _client);

    /// <summary>False where no SYN was captured: which side is the client is then inferred from the ports.</summary>
    public bool OpenerKnown => _connection.Opener >= 0;

    // extent

    /// <summary>Time of the first segment.</summary>
    public DateTime StartTime => ToTime(_connection.StartTime);

    /// <summary>Time of the last segment.</summary>
    public DateTime EndTime => ToTime(_connection.EndTime);

    /// <summary>From the first segment to the last.</summary>
    public TimeSpan Duration => ToSpan(_connection.EndTime - _connection.StartTime);

    /// <summary>Wireshark's frame number of the first segment.</summary>
    public long FirstFrame => _connection.FirstFrame;

    public long LastFrame => _connection.LastFrame;

    /// <summary>Segments of both sides.</summary>
    public long Packets => ClientPackets + ServerPackets;

    public long ClientPackets => Client.Packets;

    public long ServerPackets => Server.Packets;

    /// <summary>Payload bytes the client sent, repeated ones included.</summary>
    public long ClientBytes => Client.PayloadBytes;

    public long ServerBytes => Server.PayloadBytes;

    /// <summary>The client's payload segments all of whose bytes had been seen before; keepalive probes are not counted.</summary>
    public int ClientRetransmissions => Client.Retransmissions;

    public int ServerRetransmissions => Server.Retransmissions;

    /// <summary>The longest silence, in seconds.</summary>
    public double MaxGap => ToSeconds(_connection.MaxGap) ?? 0;

    // how it closed

    public CloseState State { get; private set; }

    /// <summary>
    /// The side whose FIN or accepted RST came first; <see cref="ClosedBy.Network"/> where that RST is, with
    /// <see cref="Confidence.High"/>, not that side's own.
    /// </summary>
    public ClosedBy ClosedBy => State == CloseState.Reset && Finding.IsByNetwork ? ClosedBy.Network : FirstToClose;

    /// <summary>The closing in short: <c>S:FIN C:ACK C:DATA(5) S:RST</c>. Empty where nothing closed.</summary>
    public string Sequence => CloseSequence.Describe(_connection, _client);

    /// <summary>Frame of the client's first FIN; null for none.</summary>
    public long? ClientFinFrame => _connection.FrameAt(Client.FinAt);

    public long? ServerFinFrame => _connection.FrameAt(Server.FinAt);

    /// <summary>Frame of the client's first RST, accepted or not; null for none.</summary>
    public long? ClientResetFrame => _connection.FrameAt(Client.RstAt);

    public long? ServerResetFrame => _connection.FrameAt(Server.RstAt);

    /// <summary>Seconds of silence before the first FIN or RST; where a RST answers a segment, before that segment. Null where nothing closed.</summary>
    public double? IdleBeforeClose => _connection.Close.HasBegun ? ToSeconds(_connection.Close.Idle) : null;

    /// <summary>The same, counted from the last payload byte. Null where there was no payload.</summary>
    public double? PayloadIdleBeforeClose => _connection.Close.HasBegun ? ToSeconds(_connection.Close.PayloadIdle) : null;

    // in other tools' words

    /// <summary>Zeek's conn_state.</summary>
    public string ZeekState => Closing.ZeekState.Of(_connection);

    /// <summary>Zeek's history. Upper case is Zeek's originator: the client, except where Zeek guesses otherwise.</summary>
    public string ZeekHistory => _connection.Zeek.History;

    /// <summary>Wireshark's conversation completeness: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST.</summary>
    public int Completeness => Closing.Completeness.Of(_connection);

    // what the programs saw

    /// <summary>
    /// What the client's next read returns on Linux, for a program that has read everything sent to it and been told of no error
    /// yet: <c>blocks</c>, <c>EOF</c>, or an error. Empty where there is no socket.
    /// </summary>
    public string ClientRead => ResultsAt(_client).Read;

    /// <summary>What the client's next write returns: <c>ok</c>, <c>blocks</c>, or an error.</summary>
    public string ClientWrite => ResultsAt(_client).Write;

    public string ServerRead => ResultsAt(1 - _client).Read;

    public string ServerWrite => ResultsAt(1 - _client).Write;

    /// <summary>Who gets EPIPE, or would get it by writing on, through no shutdown of its own.</summary>
    public BrokenPipe BrokenPipe => (ResultsAt(_client).IsCutOff, ResultsAt(1 - _client).IsCutOff) switch
    {
        (true, true) => BrokenPipe.Both,
        (true, false) => BrokenPipe.Client,
        (false, true) => BrokenPipe.Server,
        _ => BrokenPipe.None,
    };

    // why

    /// <summary>Why it ended, or a program failed on it: the likeliest cause.</summary>
    public Cause Cause => Finding.Rule.Cause;

    /// <summary>How sure that is.</summary>
    public Confidence Confidence => Finding.Confidence;

    /// <summary>What happened, in a sentence or two, with Wireshark's frame numbers.</summary>
    public string Explanation => Finding.Explain().ToString();

    /// <summary>What to do about it; empty where there is nothing to do.</summary>
    public string Advice => Finding.Rule.Advice;

    // detail

    /// <summary>What the capture lacks.</summary>
    public CaptureQuality CaptureQuality => QualityOf(_connection) | (_drops ? CaptureQuality.Drops : 0);

    /// <summary>
    /// What the calls of each side return one after the other, on Linux and on Windows, and what that assumes.
    /// </summary>
    public IReadOnlyList<SideErrors> Errors => SideErrors.Of(_connection, _client);

    /// <summary>The frames that decide the cause.</summary>
    public IReadOnlyList<Evidence> Evidence =>
    [
        .. Finding.Rule.Evidence(Finding.Facts).Where(mark => mark.At >= 0).Select(mark => new Evidence
        {
            Frame = Finding.Facts.Frame(mark.At),
            Time = ToTime(_connection.StartTime + _connection.Log.Get(mark.At).Time),
            Shows = mark.Shows,
        }),
    ];

    /// <summary>What else it may have been, the likeliest first.</summary>
    public IReadOnlyList<Alternative> Alternatives =>
        [.. Finding.Rule.Alternatives(Finding.Facts).Select(other => new Alternative { Cause = other.Cause, Why = other.Why })];

    /// <summary>The closing ladder: from the first closing packet, or the segment it answers, to the end.</summary>
    public IReadOnlyList<CloseEvent> Events => CloseLadder.Build(_connection, _client, FramesWithBytes());

    internal Connection Connection => _connection;

    /// <summary>The record of this connection, in place of the one this object was before, if any.</summary>
    internal ConnectionClose Begin(string path, Connection connection, bool drops, DiagnosisContext context, HostHistory history)
    {
        Path = path;
        _connection = connection;
        _drops = drops;
        _context = context;
        _client = ClientEnd(connection);
        State = CloseClassifier.Classify(connection);
        _neighbours = history.Meet(connection, _client, State);
        _finding = default;
        _results0 = _results1 = default;
        return this;
    }

    /// <summary>Writes <see cref="Sequence"/> as UTF-8.</summary>
    internal void WriteSequence(IBufferWriter<byte> output) => CloseSequence.Write(_connection, _client, output);

    /// <summary>Writes <see cref="ZeekHistory"/> as ASCII.</summary>
    internal void WriteZeekHistory(IBufferWriter<byte> output) =>
        output.Advance(_connection.Zeek.CopyHistory(output.GetSpan(ZeekView.MaxLetters)));

    /// <summary>Writes <see cref="Explanation"/> as UTF-8.</summary>
    internal void WriteExplanation(IBufferWriter<byte> output) => Finding.Explain().MoveTo(output);

    /// <summary><see cref="Advice"/> in UTF-8.</summary>
    internal ReadOnlySpan<byte> AdviceUtf8 => Finding.Rule.AdviceUtf8;

    /// <summary>Writes an address as ASCII.</summary>
    internal void WriteAddress(bool client, IBufferWriter<byte> output) =>
        output.Advance(AddressBits(client ? _client : 1 - _client).Format(_connection.Key.IsIPv6, output.GetSpan(IpBits.MaxTextLength)));

    /// <summary>Found once for all that ask.</summary>
    private ref readonly Finding Finding
    {
        get
        {
            if (_finding.Rule is null)
                _finding = CauseCatalog.Diagnose((_facts ??= new CloseFacts()).Begin(_connection, _client, State, FirstToClose, _context, _neighbours));
            return ref _finding;
        }
    }

    /// <summary>The frames of the evidence, which is looked for only if the bytes of frames were kept.</summary>
    private FrozenSet<long> FramesWithBytes() => _connection.Frames is null ? FrozenSet<long>.Empty : Evidence.Select(e => e.Frame).ToFrozenSet();

    private ClosedBy FirstToClose => CloseClassifier.WhoClosed(_connection, State, _client);

    private ref readonly Side Client => ref _connection.Side(_client);

    private ref readonly Side Server => ref _connection.Side(1 - _client);

    /// <summary>By capture, and there in the order in which they began.</summary>
    public int CompareTo(ConnectionClose? other) => other is null
        ? 1
        : string.CompareOrdinal(Path, other.Path) is not 0 and var byPath ? byPath : Stream.CompareTo(other.Stream);

    /// <summary>The connection in a line.</summary>
    public override string ToString() => $"{Endpoint.Describe(ClientAddress, ClientPort)} > {Endpoint.Describe(ServerAddress, ServerPort)} {State}";

    internal static DateTime ToTime(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static TimeSpan ToSpan(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static double? ToSeconds(long nanoseconds) => nanoseconds < 0 ? null : nanoseconds / 1_000_000_000.0;

    private static int ClientEnd(Connection c)
    {
        if (c.Opener >= 0)
            return c.Opener;
        int likely = ServerPorts.Compare(c.Key.Port0, c.Key.Port1);
        return likely == 0 ? c.FirstSender : likely > 0 ? 1 : 0;
    }

    /// <summary>Both ends' results, found once for all that ask.</summary>
    private ref readonly SideResults ResultsAt(int end)
    {
        if (_results0.Read is null)
        {
            _results0 = SideResults.Of(_connection, 0);
            _results1 = SideResults.Of(_connection, 1);
        }

        return ref end == 0 ? ref _results0 : ref _results1;
    }

    private static CaptureQuality QualityOf(Connection c)
    {
        ref readonly Side a = ref c.Side(0);
        ref readonly Side b = ref c.Side(1);
        CaptureQuality quality = CaptureQuality.Complete;
        if ((a.Packets == 0 || b.Packets == 0) && (a.Has(SideMarks.HasAcknowledged) || b.Has(SideMarks.HasAcknowledged)))
            quality |= CaptureQuality.OneSided;
        if (!(a.Has(SideMarks.Syn) || b.Has(SideMarks.Syn)))
            quality |= CaptureQuality.MissingHandshake;
        if (HasGaps(a, b) || HasGaps(b, a))
            quality |= CaptureQuality.Gaps;
        if (a.Has(SideMarks.SnappedPayload) || b.Has(SideMarks.SnappedPayload))
            quality |= CaptureQuality.Snapped;
        if (a.Has(SideMarks.BadChecksum) || b.Has(SideMarks.BadChecksum))
            quality |= CaptureQuality.BadChecksums;
        if (c.LatestTime > c.EndTime || c.EndTime < c.StartTime)
            quality |= CaptureQuality.OutOfTimeOrder;
        return quality;
    }

    private static bool HasGaps(in Side x, in Side y) => x.Sent.HasHoles
        || (x.Sent.IsKnown && y.Has(SideMarks.HasAcknowledged) && SequenceNumber.IsAfter(y.Acknowledged, x.Sent.Next));

    private string Address(int end) =>
        AddressBits(end).ToAddress(_connection.Key.IsIPv6).ToString();

    private IpBits AddressBits(int end) => end == 0 ? _connection.Key.Address0 : _connection.Key.Address1;

    private int Port(int end) => end == 0 ? _connection.Key.Port0 : _connection.Key.Port1;
}
