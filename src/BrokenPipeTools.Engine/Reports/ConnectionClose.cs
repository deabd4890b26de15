using System.Collections.Frozen;
using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Reports;

/// <summary>
/// How one TCP connection closed. Times are UTC. A record never changes, and any number of threads may read it. Properties are computed when they are
/// read, so that a record that is only counted costs nothing more.
/// </summary>
public sealed partial class ConnectionClose : INaturalOrder<ConnectionClose>
{
    private readonly CloseCase _case;
    private readonly CaptureQuality _lacks;
    private CloseDiagnosis? _diagnosis; // computed on first use and set in one write, so that two threads only compute the same value twice

    /// <param name="path">The capture.</param>
    /// <param name="of">The connection.</param>
    /// <param name="lacks">The data that the capture lacks, except those that the connection itself shows.</param>
    /// <param name="hasOwnNumber">Whether <see cref="Stream"/> may differ from Wireshark's number for it in the file of <paramref name="path"/>.</param>
    internal ConnectionClose(string path, in CloseCase of, CaptureQuality lacks, bool hasOwnNumber)
    {
        Path = path;
        _case = of;
        _lacks = lacks;
        HasOwnNumber = hasOwnNumber;
    }

    // where

    /// <summary>The capture; "-" for standard input.</summary>
    public string Path { get; }

    /// <summary>Wireshark's tcp.stream number in that capture.</summary>
    public int Stream => Connection.Stream;

    /// <summary>The address of the side that sent the SYN; its name if a text trace shows only that.</summary>
    public string ClientAddress => Address(ClientEnd);

    /// <summary>The port of the side that sent the SYN.</summary>
    public int ClientPort => Connection.Endpoint(ClientEnd).Port;

    /// <summary>The address of the destination of the SYN; its name if a text trace shows only that.</summary>
    public string ServerAddress => Address(1 - ClientEnd);

    /// <summary>The port of the destination of the SYN.</summary>
    public int ServerPort => Connection.Endpoint(1 - ClientEnd).Port;

    /// <summary>
    /// The server that the client asked for in its first payload: the name in a TLS ClientHello (SNI), or the Host of an HTTP/1 request.
    /// At most 255 letters, digits and <c>. - : [ ] _</c>; null if there is none, or it has any other character.
    /// </summary>
    public string? ServerName => Connection.ServerName;

    /// <summary>False if no SYN was captured: then the client is inferred from the ports.</summary>
    public bool OpenerKnown => Connection.Opener >= 0;

    // extent

    /// <summary>Time of the first segment.</summary>
    public DateTime StartTime => Nanoseconds.ToTime(Connection.StartTime);

    /// <summary>Time of the last segment.</summary>
    public DateTime EndTime => Nanoseconds.ToTime(Connection.LastCapturedTime);

    /// <summary>Seconds from the first segment to the last; 0 if the last one has an earlier time.</summary>
    public double Duration => Nanoseconds.ToSeconds(ExactDuration);

    /// <summary>Wireshark's frame number of the first segment.</summary>
    public long FirstFrame => Connection.FirstFrame;

    /// <summary>Wireshark's frame number of the last segment.</summary>
    public long LastFrame => Connection.LastCapturedFrame;

    /// <summary>Segments of both sides, as captured: a segment that was captured twice counts twice.</summary>
    public long Packets => ClientPackets + ServerPackets;

    /// <summary>Segments of the client, counted in the same way.</summary>
    public long ClientPackets => PacketsOf(ClientEnd);

    /// <summary>Segments of the server, counted in the same way.</summary>
    public long ServerPackets => PacketsOf(1 - ClientEnd);

    /// <summary>Payload bytes of the client's segments, including those retransmitted or captured twice.</summary>
    public long ClientBytes => Connection.BytesOf(ClientEnd);

    /// <summary>Payload bytes of the server's segments, counted in the same way.</summary>
    public long ServerBytes => Connection.BytesOf(1 - ClientEnd);

    /// <summary>
    /// The client's payload segments all of whose bytes had been seen before; keepalive probes and <see cref="Duplicates"/> are not counted. A repeated
    /// byte that was not acknowledged is no probe, although Wireshark marks it as one.
    /// </summary>
    public int ClientRetransmissions => Client.Retransmissions;

    /// <summary>The server's retransmitted payload segments, counted in the same way.</summary>
    public int ServerRetransmissions => Server.Retransmissions;

    /// <summary>
    /// Segments of both sides that were captured a second time, as with -i any, mirrored ports and routers. A duplicate is the same packet; it was
    /// not sent again.
    /// </summary>
    public long Duplicates => Connection.Duplicates;

    /// <summary>The longest silence, in seconds.</summary>
    public double MaxGap => Nanoseconds.ToSeconds(ExactMaxGap);

    // how it closed

    /// <summary>The state of the connection at its end, from its packets alone.</summary>
    public CloseState State => _case.State;

    /// <summary>
    /// The side whose FIN or accepted RST came first; <see cref="ClosedBy.Network"/> if it is certain (<see cref="Confidence.High"/>) that this side
    /// did not send that RST.
    /// </summary>
    public ClosedBy ClosedBy => Finding.IsByNetwork ? ClosedBy.Network : _case.ClosedBy;

    /// <summary>The closing in short: S:FIN C:ACK C:DATA(5) S:RST. Empty if no side closed.</summary>
    public string Sequence => CloseSequence.Describe(Connection, ClientEnd);

    /// <summary>Frame of the client's first FIN, without one that was not accepted; null for none.</summary>
    public long? ClientFinFrame => Connection.FrameAt(Client.FinAt);

    /// <summary>Frame of the server's first FIN, without one that was not accepted; null for none.</summary>
    public long? ServerFinFrame => Connection.FrameAt(Server.FinAt);

    /// <summary>Frame of the client's first RST, accepted or not; null for none.</summary>
    public long? ClientResetFrame => Connection.FrameAt(Client.RstAt);

    /// <summary>Frame of the server's first RST, accepted or not; null for none.</summary>
    public long? ServerResetFrame => Connection.FrameAt(Server.RstAt);

    /// <summary>
    /// Seconds of silence before the first FIN or RST. If a RST answers a segment, the silence before that segment; if the closing side states its
    /// reason right before it closes, the silence before the reason. Null if no side closed.
    /// </summary>
    public double? IdleBeforeClose => ToSeconds(ExactIdleBeforeClose);

    /// <summary>The same time, from the last payload byte. Null if there was no payload.</summary>
    public double? PayloadIdleBeforeClose => ToSeconds(ExactPayloadIdleBeforeClose);

    /// <summary>
    /// Seconds for which the connection was half-closed: from the first FIN to the other side's FIN, to the effective RST, or to the end of the
    /// capture. Null if it did not begin with a FIN.
    /// </summary>
    public double? HalfClosedFor => ToSeconds(ExactHalfClosedFor);

    /// <summary>
    /// Payload bytes of the client that the server never acknowledged: lost, or still in flight at the end of the capture. Null if no segment of the
    /// server was captured.
    /// </summary>
    public long? ClientUnacked => UnackedPayload.Of(Connection, ClientEnd);

    /// <summary>Payload bytes of the server that the client never acknowledged.</summary>
    public long? ServerUnacked => UnackedPayload.Of(Connection, 1 - ClientEnd);

    // in other tools' words

    /// <summary>Zeek's conn_state.</summary>
    public string ZeekState => Closing.ZeekState.Of(Connection);

    /// <summary>Zeek's history. Upper case is Zeek's originator: the client, unless Zeek decides otherwise.</summary>
    public string ZeekHistory => Connection.Zeek.History;

    /// <summary>Wireshark's conversation completeness: 1 SYN, 2 SYN-ACK, 4 ACK, 8 data, 16 FIN, 32 RST.</summary>
    public int Completeness => Closing.Completeness.Of(Connection);

    /// <summary>Community ID, version 1 with seed 0, as Zeek, Suricata and Wireshark compute it: the same for both directions and for every connection of the same endpoints.</summary>
    public string CommunityId => HasNames ? "" : Closing.CommunityId.Of(Connection.Key);

    /// <summary>
    /// A display filter that shows the connection in Wireshark. It contains its stream number; if the file may have another number for it (a series,
    /// a text, connections removed before), it contains its endpoints, and so shows all connections between the same two ports.
    /// </summary>
    public string WiresharkFilter => HasOwnNumber ? Reports.WiresharkFilter.OfEndpoints(Connection.Key, HasNames) : Reports.WiresharkFilter.OfStream(Stream);

    // the results of the programs' calls

    /// <summary>
    /// The result of the client's connect on Linux: <c>ok</c>, <c>blocks</c> if it still waits, or an error. Empty if the client has no
    /// socket.
    /// </summary>
    public string Connect => Diagnosis.ResultsAt(ClientEnd).Connect.Text();

    /// <summary>
    /// The result of the client's next read on Linux after connect has returned: blocks, EOF, or an error. It is assumed that the program has read
    /// all received data and has had no error since connect. Empty if there is no socket.
    /// </summary>
    public string ClientRead => Diagnosis.ResultsAt(ClientEnd).Read.Text();

    /// <summary>The result of the client's next write: <c>ok</c>, <c>blocks</c>, or an error.</summary>
    public string ClientWrite => Diagnosis.ResultsAt(ClientEnd).Write.Text();

    /// <summary>The result of the server's next read, under the same conditions.</summary>
    public string ServerRead => Diagnosis.ResultsAt(1 - ClientEnd).Read.Text();

    /// <summary>The result of the server's next write: <c>ok</c>, <c>blocks</c>, or an error.</summary>
    public string ServerWrite => Diagnosis.ResultsAt(1 - ClientEnd).Write.Text();

    /// <summary>
    /// The sides whose next write returns EPIPE, or returns it after one pending error (ECONNRESET, ETIMEDOUT). A side that has closed or aborted the
    /// connection itself does not count.
    /// </summary>
    public BrokenPipe BrokenPipe => (Diagnosis.ResultsAt(ClientEnd).IsCutOff, Diagnosis.ResultsAt(1 - ClientEnd).IsCutOff) switch
    {
        (true, true) => BrokenPipe.Both,
        (true, false) => BrokenPipe.Client,
        (false, true) => BrokenPipe.Server,
        _ => BrokenPipe.None,
    };

    // why

    /// <summary>The most likely reason why the connection ended, or why a program failed on it.</summary>
    public Cause Cause => Finding.Rule.Cause;

    /// <summary>How certain the cause is.</summary>
    public Confidence Confidence => Finding.Confidence;

    /// <summary>The explanation, in one or two sentences, with Wireshark's frame numbers.</summary>
    public string Explanation => Finding.Explain().ToString();

    /// <summary>The advice; empty if no action is needed.</summary>
    public string Advice => Finding.Advice;

    /// <summary>
    /// The unencrypted reason that the client sent in its last payload before its FIN or RST, or in the RST: a protocol, a code and its name, at most
    /// 80 characters. Null if there is none, or it is not recognized.
    /// </summary>
    public string? ClientCloseReason => ReasonText.Of(CloseReasons.Of(Connection, ClientEnd), ServerPort);

    /// <summary>The same for the server: <c>HTTP 408 Request Timeout</c>.</summary>
    public string? ServerCloseReason => ReasonText.Of(CloseReasons.Of(Connection, 1 - ClientEnd), ServerPort);

    internal Connection Connection => _case.Connection;

    /// <summary>Whether <see cref="Stream"/> may differ from Wireshark's number.</summary>
    internal bool HasOwnNumber { get; }

    /// <summary>The first frame of the evidence; without evidence the last frame of the connection.</summary>
    private long DecisiveFrame => Evidence.Count > 0 ? Evidence[0].Frame : LastFrame;

    private ref readonly Finding Finding => ref Diagnosis.Finding;

    private CloseDiagnosis Diagnosis => _diagnosis ?? Diagnose();

    internal int ClientEnd => _case.Client;

    private ref readonly Side Client => ref Connection.Side(ClientEnd);

    private ref readonly Side Server => ref Connection.Side(1 - ClientEnd);

    /// <summary>Compares by capture, and within a capture by the order in which they began.</summary>
    public int CompareTo(ConnectionClose? other) => other is null
        ? 1
        : string.CompareOrdinal(Path, other.Path) is not 0 and var byPath ? byPath : Stream.CompareTo(other.Stream);

    /// <summary>Returns the connection as one line: endpoints, state, cause, capture and stream.</summary>
    public override string ToString() => DisplayText.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{ClientEndpoint} > {ServerEndpoint} {State}, {Cause} ({Path}, frame {DecisiveFrame})"));

    private static double? ToSeconds(long? nanoseconds) => nanoseconds is { } known ? Nanoseconds.ToSeconds(known) : null;

    private CloseDiagnosis Diagnose()
    {
        CloseDiagnosis made = new(_case);
        Volatile.Write(ref _diagnosis, made); // so that another thread reads only a complete object
        return made;
    }

    private string Address(int end) =>
        _case.Context.HostOf(Connection.Endpoint(end).Address, Connection.Key.IsIPv6);

    private long PacketsOf(int end) => Connection.Side(end).Packets + (Connection.Points?.DuplicatesOf(end) ?? 0);

    /// <summary>The names that are used in place of addresses in its capture; null if there are none.</summary>
    internal HostNames? Names => _case.Context.Names;

    /// <summary>Whether a name is used in place of an address.</summary>
    internal bool HasNames => _case.Context.NameOf(Connection.Key.Address0, Connection.Key.IsIPv6) is not null || _case.Context.NameOf(Connection.Key.Address1, Connection.Key.IsIPv6) is not null;

    /// <summary>The client's address, or the name in its place, and port.</summary>
    internal EndpointText ClientEndpoint => new(ClientAddress, ClientPort);

    /// <summary>The server's address, or the name in its place, and port.</summary>
    internal EndpointText ServerEndpoint => new(ServerAddress, ServerPort);
}
