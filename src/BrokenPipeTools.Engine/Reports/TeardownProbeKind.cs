namespace BrokenPipeTools.Reports;

/// <summary>The ways to find out how an endpoint closes. Each one uses its own connection. The names are public: scripts use them.</summary>
public enum TeardownProbeKind
{
    /// <summary>
    /// Sends the requested payload, if any, and waits for the peer to close. Then it reads, writes and writes again: the classic
    /// sequence to EPIPE (RFC 9293, section 3.6; man 2 write).
    /// </summary>
    PeerClose,

    /// <summary>Sends the requested payload, shuts down its sending side (FIN), and checks whether the peer finishes, resets, or ignores it.</summary>
    HalfClose,

    /// <summary>
    /// Sends the requested payload, then nothing, up to a limit. If the peer has not closed by then, it sends a write (or a keepalive probe, if no
    /// payload was requested) to check whether the connection still exists.
    /// </summary>
    Idle,

    /// <summary>Waits for the answer and closes without reading it, so that the probe's kernel sends RST in place of FIN (RFC 2525, section 2.17).</summary>
    UnreadClose,

    /// <summary>
    /// Sends one request after another on one connection until the peer closes. It measures how many requests the peer answers, and how long it then
    /// waits.
    /// </summary>
    KeepAliveRace,

    /// <summary>
    /// Connects, sends nothing, and closes: one test for each address of the name, independent of the other addresses. If the connection was
    /// established, its status is Completed.
    /// </summary>
    Connect,
}
