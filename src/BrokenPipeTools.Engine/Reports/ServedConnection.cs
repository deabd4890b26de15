using System.Globalization;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>
/// An entry of a misbehaving server's log: a connection that it served or serves, or a time in which it accepted none (Refuse,
/// FullBacklog, DropSyn, LateAccept).
/// </summary>
public sealed class ServedConnection : INaturalOrder<ServedConnection>
{
    /// <summary>Counts the entries of the server's log, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The behavior that it met; if its requests met several, the last. Null if each request meets one and none has come.</summary>
    public required ServerBehavior? Behavior { get; init; }

    /// <summary>The client's address. Empty on a Unix-domain socket, and for a time without connections.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>The client's port. 0 on a Unix-domain socket.</summary>
    public required int RemotePort { get; init; }

    /// <summary>The address that the client connected to; the path of a Unix-domain socket.</summary>
    public required string LocalAddress { get; init; }

    /// <summary>The port that the client connected to. 0 on a Unix-domain socket.</summary>
    public required int LocalPort { get; init; }

    /// <summary>When the server accepted it, or stopped accepting (UTC).</summary>
    public required DateTime StartTime { get; init; }

    /// <summary>Seconds from then until it ended; until now if it is open.</summary>
    public required double Duration { get; init; }

    /// <summary>Bytes that the server has read, without unread ones.</summary>
    public required long BytesReceived { get; init; }

    /// <summary>Bytes that the server has written; they need not have arrived.</summary>
    public required long BytesSent { get; init; }

    /// <summary>
    /// Requests read: HTTP requests to their end; of another protocol, whatever one read gave; of a forwarded connection those passed on
    /// before its fault, as AfterRequests counts them.
    /// </summary>
    public required int Requests { get; init; }

    /// <summary>
    /// The first line that was received, at most 200 characters; of a UnixSink the whole text, at most 2,000. A dot stands for each byte
    /// that is not printable ASCII, since this may go to a terminal. Empty if nothing was read.
    /// </summary>
    public required string RequestLine { get; init; }

    /// <summary>How it ended.</summary>
    public required ServedEnding Ending { get; init; }

    /// <summary>The error that a read or write of the server failed with (ECONNRESET, EPIPE …); null if none did.</summary>
    public string? Error { get; init; }

    /// <summary>The version of TLS, as <c>Tls13</c>; null if the bytes are not encrypted or the handshake was not completed.</summary>
    public string? Tls { get; init; }

    /// <summary>
    /// The upstream server's address and port, also if it could not be reached; null if the connection was not passed on, as when the client
    /// closed while the upstream server was being connected.
    /// </summary>
    public string? Upstream { get; init; }

    /// <summary>The fault that the server caused on a forwarded connection, for example <c>RST to the client after 100 bytes</c>; null for none.</summary>
    public string? Fault { get; init; }

    /// <summary>The behaviors that it met, in their order; the latest 100 of them.</summary>
    public required RecordList<ServerBehavior> Behaviors { get; init; }

    /// <summary>By number, which is the order in which a server accepted them.</summary>
    public int CompareTo(ServedConnection? other) => other is null ? 1 : (Number, StartTime).CompareTo((other.Number, other.StartTime));

    /// <inheritdoc/>
    public override string ToString()
    {
        string who = RemoteAddress.Length > 0 ? new EndpointText(RemoteAddress, RemotePort).ToString() : LocalAddress;
        return DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"#{Number} {who} {Behavior} {Ending}{(Error is null ? "" : $" ({Error})")}, {BytesReceived} B in, {BytesSent} B out"));
    }
}
