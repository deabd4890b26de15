using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>
/// An entry in the log of a misbehaving server: a connection that it served or serves, or a time in which it accepted none (Refuse, FullBacklog,
/// DropSyn, LateAccept).
/// </summary>
public sealed class ServedConnection : INaturalOrder<ServedConnection>
{
    /// <summary>The number of the entry in the server's log, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The behavior of the server; if its requests got several, the last one. Null if each request gets its own behavior and none has come yet.</summary>
    public required ServerBehavior? Behavior { get; init; }

    /// <summary>The client's address. Empty on a Unix-domain socket, and for a time without connections.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>The client's port. 0 on a Unix-domain socket.</summary>
    public required int RemotePort { get; init; }

    /// <summary>The address that the client connected to; the path of a Unix-domain socket.</summary>
    public required string LocalAddress { get; init; }

    /// <summary>The port that the client connected to. 0 on a Unix-domain socket.</summary>
    public required int LocalPort { get; init; }

    /// <summary>The time when the server accepted the connection or, for an outage, stopped accepting (UTC).</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>Seconds from then to its end; to now if it is open.</summary>
    public required double Duration { get; init; }

    /// <summary>Bytes that the server has read; unread bytes are not included.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes that the server has written; they need not have arrived.</summary>
    public required long BytesSent { get; init; }

    /// <summary>
    /// The number of requests read. HTTP: complete requests; another protocol: reads that returned data; a forwarded connection: requests forwarded
    /// before its fault, as AfterRequests counts them.
    /// </summary>
    public required int Requests { get; init; }

    /// <summary>
    /// The first received line, at most 200 characters; for a UnixSink the whole text, at most 2,000. Each byte that is not printable ASCII is
    /// replaced by a dot, because the text may be shown in a terminal. Empty if nothing was read.
    /// </summary>
    public required string RequestLine { get; init; }

    /// <summary>How it ended.</summary>
    public required ServedEnding Ending { get; init; }

    /// <summary>The error with which a read or write of the server failed (ECONNRESET, EPIPE …); null if none did.</summary>
    public string? Error { get; init; }

    /// <summary>The version of TLS, such as Tls13; null if the bytes are not encrypted or the handshake was not completed.</summary>
    public string? Tls { get; init; }

    /// <summary>
    /// The upstream server's address and port, also if it could not be reached; null if the connection was not forwarded, for example because the
    /// client closed before the upstream server was connected.
    /// </summary>
    public string? Upstream { get; init; }

    /// <summary>The fault that the server caused on a forwarded connection, for example <c>RST to the client after 100 bytes</c>; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>The behaviors that the connection got, in their order; the latest 100 of them.</summary>
    public required RecordList<ServerBehavior> Behaviors { get; init; }

    /// <summary>Compares by number, which is the order in which a server accepted them.</summary>
    public int CompareTo(ServedConnection? other) => other is null ? 1 : (Number, StartTime).CompareTo((other.Number, other.StartTime));

    /// <inheritdoc/>
    public override string ToString()
    {
        string who = RemoteAddress.Length > 0 ? new EndpointText(RemoteAddress, RemotePort).ToString() : LocalAddress;
        return DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"#{Number} {who} {Behavior} {Ending}{(Error is null ? "" : $" ({Error})")}, {BytesReceived} B in, {BytesSent} B out"));
    }
}
