namespace BrokenPipeTools.Reports;

/// <summary>A way to find out how an endpoint closes. Each takes a connection of its own. The names are public: scripts use them.</summary>
public enum TeardownProbeKind
{
    /// <summary>
    /// Sends the requested payload, if any, and waits for the peer to close. Then it reads, writes and writes again: the classic
    /// sequence to EPIPE (RFC 9293, section 3.6; man 2 write).
    /// </summary>
    PeerClose,

    /// <summary>Sends the requested payload, shuts down its sending side (FIN), and checks if the peer finishes, resets, or ignores it.</summary>
    HalfClose,

    /// <summary>
    /// Sends the requested payload, then nothing, up to a limit. If the peer has not closed by then, a write (a keepalive probe if
    /// nothing was asked to be sent) finds out whether the connection still lives.
    /// </summary>
    Idle,

    /// <summary>Waits for the answer and closes without reading it: our kernel sends RST in place of FIN (RFC 2525, section 2.17).</summary>
    UnreadClose,

    /// <summary>Sends one request after another on one connection until the peer closes: how many it answers, and how long it then waits.</summary>
    KeepAliveRace,

    /// <summary>
    /// Connects, sends nothing, and closes: one test per address of the name, whatever the other addresses do. A connection that was
    /// established is Completed.
    /// </summary>
    Connect,
}
