using System.Net.NetworkInformation;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Kernel;

/// <summary>An open TCP socket: its process, the bytes in its buffers, and the results of its next read and write. Only on Linux.</summary>
public sealed class TcpSocket : INaturalOrder<TcpSocket>
{
    /// <summary>The socket in one line, such as <c>java[22664]: CLOSE_WAIT for 597 s, 144 bytes unread, has not closed</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>The name of the process that holds the socket, at most 15 bytes; null if no process holds it, or if the process cannot be seen.</summary>
    public string? ProcessName { get; init; }

    /// <summary>The id of the process that holds the socket; the lowest one if there are several.</summary>
    public int? ProcessId { get; init; }

    /// <summary>
    /// The other processes that hold the socket, such as <c>nginx[813], nginx[814]</c>. The connection closes only after all of them have closed it. Null if
    /// there are none.
    /// </summary>
    public string? SharedWith { get; init; }

    /// <summary>The state of the connection.</summary>
    public required TcpState State { get; init; }

    /// <summary>The address at this host's end.</summary>
    public required string LocalAddress { get; init; }

    /// <summary>The port at this host's end.</summary>
    public required int LocalPort { get; init; }

    /// <summary>The address of the peer; for a listener 0.0.0.0 or ::.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>The port of the peer; 0 for a listener.</summary>
    public required int RemotePort { get; init; }

    /// <summary>Seconds since the last payload byte was received; null if none was, or the kernel does not provide it.</summary>
    public double? SinceReceived { get; init; }

    /// <summary>Seconds since the last payload byte was sent; null if none was, or if the kernel does not provide it.</summary>
    public double? SinceSent { get; init; }

    /// <summary>Seconds since the peer's last segment with an acknowledgment, including a FIN or an answer to a keepalive probe.</summary>
    public double? SinceHeard { get; init; }

    /// <summary>Bytes that were received and that the program has not read.</summary>
    public required long UnreadBytes { get; init; }

    /// <summary>Bytes that the program has written and that were not sent yet; null if the kernel does not provide them.</summary>
    public long? UnsentBytes { get; init; }

    /// <summary>Bytes that were sent and that the peer has not acknowledged.</summary>
    public long? UnackedBytes { get; init; }

    /// <summary>Retransmitted segments in total.</summary>
    public long? Retransmissions { get; init; }

    /// <summary>How often the oldest unacknowledged segment was retransmitted.</summary>
    public int? Unanswered { get; init; }

    /// <summary>The number of keepalive or window probes without an answer.</summary>
    public int? Probes { get; init; }

    /// <summary>Bytes that the peer's window allows; 0 means that the peer does not read. Null before Linux 5.4.</summary>
    public long? PeerWindow { get; init; }

    /// <summary>The number of connections that wait to be accepted; null if the socket does not listen.</summary>
    public long? QueueLength { get; init; }

    /// <summary>The most connections that may wait to be accepted, as given in the listen call. The kernel allows one more.</summary>
    public long? QueueLimit { get; init; }

    /// <summary>The result of the next read: <c>ok</c>, <c>EOF</c>, <c>blocks</c> or an errno; empty if no program can use the socket.</summary>
    public required string NextRead { get; init; }

    /// <summary>
    /// The result of the next write: ok, <c>blocks</c> or an errno. It is blocks if the send buffer is full, although a few bytes may fit into its last
    /// segment.
    /// </summary>
    public required string NextWrite { get; init; }

    /// <summary>The id of the user who created the socket.</summary>
    public required long UserId { get; init; }

    /// <summary>The number of the socket in /proc/PID/fd; 0 if no program holds it any more.</summary>
    public required long Inode { get; init; }

    /// <summary>The network namespace that was requested, as a path or the id of a process; null for this process's own.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>The time when the socket was listed (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>Compares two sockets by process, local port and peer.</summary>
    public int CompareTo(TcpSocket? other) => other is null
        ? 1
        : (ProcessId ?? int.MaxValue, LocalPort, RemoteAddress, RemotePort, Inode).CompareTo((other.ProcessId ?? int.MaxValue, other.LocalPort, other.RemoteAddress, other.RemotePort, other.Inode));

    /// <summary>Returns <see cref="Summary"/>.</summary>
    public override string ToString() => Summary;
}
