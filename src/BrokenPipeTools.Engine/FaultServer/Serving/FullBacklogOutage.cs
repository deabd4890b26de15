using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A backlog of 0 has room for one connection, which the server makes itself. Linux then drops the SYNs of further clients (net/ipv4/tcp_input.c,
/// tcp_conn_request). Other systems answer them with RST.
/// </summary>
internal sealed class FullBacklogOutage : Outage
{
    /// <summary>The longest wait for an answer. On loopback an answer comes within microseconds, or never.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private Socket? _filler;

    public override void Begin(Listener listener)
    {
        listener.Listen(backlog: 0);
        if (listener.HasWaiting)
            return; // a client has filled it
        Socket filler = _filler = new(listener.Reachable.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            filler.Connect(listener.Reachable);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The connection need not succeed: a client may be faster, and fill the queue.
        }

        if (filler.Poll(MaxWait, SelectMode.SelectWrite))
            listener.Ignore((System.Net.IPEndPoint)filler.LocalEndPoint!);
        listener.AwaitsAccept(MaxWait); // the client's side of a handshake is complete before the server's
    }

    public override void End(Listener listener)
    {
        Dispose();
        listener.Listen();
    }

    public override void Dispose()
    {
        if (_filler is { } filler)
            ProcessGate.Close(filler);
        _filler = null;
        base.Dispose();
    }
}
