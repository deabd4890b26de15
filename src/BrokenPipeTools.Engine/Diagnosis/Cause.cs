namespace BrokenPipeTools.Diagnosis;

/// <summary>The reason why a connection ended, or why a program failed on it. The names are public, because users filter by them.</summary>
public enum Cause
{
    /// <summary>The packets do not show the cause.</summary>
    Undetermined,

    /// <summary>The connection is still open.</summary>
    StillOpen,

    /// <summary>Both sides closed, and no payload was lost.</summary>
    NormalClose,

    /// <summary>One side finished sending, and the other continued to send: a correct half-close.</summary>
    HalfClose,

    /// <summary>This side kept writing after the peer had closed, and the peer's host answered with a RST: the classic EPIPE.</summary>
    WriteAfterPeerClose,

    /// <summary>A side closed with unread data in its receive buffer: RST in place of FIN (RFC 2525, section 2.17).</summary>
    UnreadDataDiscarded,

    /// <summary>The server answered and closed while the client was still uploading.</summary>
    EarlyResponse,

    /// <summary>A live socket was aborted: by SO_LINGER 0, because its process was killed, or by ss -K.</summary>
    AbortiveClose,

    /// <summary>A side had shut down both directions; when late data arrived, its own kernel reset the connection.</summary>
    DataAfterOwnClose,

    /// <summary>No socket listens, or a firewall refuses the connection.</summary>
    ConnectionRefused,

    /// <summary>The SYN was not answered.</summary>
    ConnectTimeout,

    /// <summary>The handshake completed but the server's queue was full.</summary>
    AcceptQueueOverflow,

    /// <summary>An endpoint or proxy closed the connection after a silence.</summary>
    IdleTimeout,

    /// <summary>A NAT, load balancer or firewall dropped the idle connection from its table: the next packet was answered with a RST, or not at all.</summary>
    StateExpired,

    /// <summary>A RST that the named host did not send.</summary>
    MiddleboxReset,

    /// <summary>Retransmissions were not answered until the kernel gave up.</summary>
    SilentDrop,

    /// <summary>Keepalive probes were not answered; then the connection was aborted.</summary>
    KeepAliveTimeout,

    /// <summary>An ICMP error gives the reason.</summary>
    NetworkUnreachable,

    /// <summary>The receiver no longer read, and the connection timed out.</summary>
    ZeroWindowStall,

    /// <summary>The peer's host no longer had state for the connection: it rebooted, or its orphan expired.</summary>
    PeerStateLost,

    /// <summary>A new SYN reached an old connection with the same ports (TIME_WAIT, half-open).</summary>
    StalePortReuse,

    /// <summary>A connect without payload, ended by a RST or repeated at a fixed period: harmless.</summary>
    HealthProbe,

    /// <summary>Full-sized segments were lost and smaller ones arrived: a link on the path has a smaller MTU (RFC 2923).</summary>
    PathMtuBlackHole,
}
