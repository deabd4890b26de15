namespace BrokenPipeTools.SocketModel;

/// <summary>
/// The fields of a TCP socket that decide the results of its calls, as in Linux (include/net/sock.h): sk_err, sk_err_soft, sk_shutdown, SOCK_DONE and
/// the state. The program is assumed to have read all received data. States are values: every event and every call returns a new one.
/// </summary>
internal readonly record struct SocketState
{
    public SocketPhase Phase { get; init; }

    /// <summary>Whether the peer's FIN has been processed (SOCK_DONE). From then on reads return 0, whatever follows.</summary>
    public bool EndReceived { get; init; }

    /// <summary>Whether nothing can be written any more (SEND_SHUTDOWN), because a FIN was sent or the connection no longer exists.</summary>
    public bool WriteShut { get; init; }

    /// <summary>The pending error (sk_err); the next call returns and clears it.</summary>
    public CallResult Error { get; init; }

    /// <summary>The error that connect returned; none if connect did not fail.</summary>
    public CallResult ConnectError { get; init; }

    /// <summary>The last ICMP error (sk_err_soft). If the kernel gives up, this error is returned in place of ETIMEDOUT.</summary>
    public CallResult SoftError { get; init; }

    /// <summary>Whether the receive window of the peer is closed.</summary>
    public bool PeerWindowClosed { get; init; }

    /// <summary>Whether the peer's window is closed while payload waits to be sent. A write then waits as soon as the send buffer is full.</summary>
    public bool WaitsForWindow { get; init; }

    /// <summary>The number of keepalive or window probes since the peer last sent anything.</summary>
    public int UnansweredProbes { get; init; }

    /// <summary>Returns the state after connect has failed. Returning the error clears it (inet_stream_connect(), net/ipv4/af_inet.c).</summary>
    public SocketState NotConnected(CallResult error) => this with { Phase = SocketPhase.Closed, WriteShut = true, ConnectError = error };

    /// <summary>Returns the state after the connection has ended. Every later segment is then answered with a RST.</summary>
    public SocketState Dead(CallResult error) => this with { Phase = SocketPhase.Closed, WriteShut = true, Error = error };
}
