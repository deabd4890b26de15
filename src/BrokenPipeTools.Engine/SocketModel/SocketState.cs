namespace BrokenPipeTools.SocketModel;

/// <summary>
/// The fields of a TCP socket that decide the results of its calls, as in Linux (include/net/sock.h): sk_err, sk_err_soft, sk_shutdown, SOCK_DONE and
/// the state. It is assumed that the program has read all received data. A value: every event and every call returns a new one.
/// </summary>
internal readonly record struct SocketState
{
    public SocketPhase Phase { get; init; }

    /// <summary>The peer's FIN has been processed (SOCK_DONE): from then on reads return 0, whatever follows.</summary>
    public bool EndReceived { get; init; }

    /// <summary>Nothing can be written any more (SEND_SHUTDOWN): a FIN was sent, or the connection is gone.</summary>
    public bool WriteShut { get; init; }

    /// <summary>The pending error (sk_err); the next call returns and clears it.</summary>
    public string? Error { get; init; }

    /// <summary>connect returned this error; null if it did not fail.</summary>
    public string? ConnectError { get; init; }

    /// <summary>The last ICMP error (sk_err_soft). If the kernel gives up, it is returned instead of ETIMEDOUT.</summary>
    public string? SoftError { get; init; }

    /// <summary>The receive window of the peer is closed.</summary>
    public bool PeerWindowClosed { get; init; }

    /// <summary>The peer's window is closed although payload waits: a write waits as soon as the send buffer is full.</summary>
    public bool WaitsForWindow { get; init; }

    /// <summary>Keepalive or window probes since the peer last sent anything.</summary>
    public int UnansweredProbes { get; init; }

    /// <summary>Returns the state after connect has failed with an error, which is cleared by that (inet_stream_connect(), net/ipv4/af_inet.c).</summary>
    public SocketState NotConnected(string error) => this with { Phase = SocketPhase.Closed, WriteShut = true, ConnectError = error };

    /// <summary>Returns the state after the end of the connection: every later segment is answered with a RST.</summary>
    public SocketState Dead(string? error) => this with { Phase = SocketPhase.Closed, WriteShut = true, Error = error };
}
