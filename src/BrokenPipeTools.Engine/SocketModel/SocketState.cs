namespace BrokenPipeTools.SocketModel;

/// <summary>
/// The fields of a TCP socket that decide the results of its calls, as in Linux (include/net/sock.h): <c>sk_err</c>, <c>sk_err_soft</c>,
/// <c>sk_shutdown</c>, SOCK_DONE and the state. Received data are taken to have been read. A value: every event and every call
/// makes another one.
/// </summary>
internal readonly record struct SocketState
{
    public SocketPhase Phase { get; init; }

    /// <summary>The peer's FIN has been taken in (SOCK_DONE): reads return 0 from then on, whatever follows.</summary>
    public bool EndReceived { get; init; }

    /// <summary>Nothing can be written any more (SEND_SHUTDOWN): a FIN was sent, or the connection is gone.</summary>
    public bool WriteShut { get; init; }

    /// <summary>The pending error (sk_err); the next call returns and clears it.</summary>
    public string? Error { get; init; }

    /// <summary>connect returned this error; null if it did not fail.</summary>
    public string? ConnectError { get; init; }

    /// <summary>The last ICMP error (sk_err_soft); it takes the place of ETIMEDOUT, should the kernel give up.</summary>
    public string? SoftError { get; init; }

    /// <summary>The receive window of the peer is closed.</summary>
    public bool PeerWindowClosed { get; init; }

    /// <summary>The peer lets nothing in although payload waits: a write waits as soon as the send buffer is full.</summary>
    public bool WaitsForWindow { get; init; }

    /// <summary>Keepalive or window probes since the peer last sent anything.</summary>
    public int UnansweredProbes { get; init; }

    /// <summary>connect fails with an error, which clears it (inet_stream_connect(), net/ipv4/af_inet.c).</summary>
    public SocketState NotConnected(string error) => this with { Phase = SocketPhase.Closed, WriteShut = true, ConnectError = error };

    /// <summary>The connection is over, one way or the other: every later segment is answered with a RST.</summary>
    public SocketState Dead(string? error) => this with { Phase = SocketPhase.Closed, WriteShut = true, Error = error };
}
