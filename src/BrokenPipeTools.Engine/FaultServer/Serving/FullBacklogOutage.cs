using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A backlog of 0 holds one connection, and that is our own: Linux drops the SYNs of those who come after (net/ipv4/tcp_input.c,
/// tcp_conn_request). Other systems answer with RST.
/// </summary>
internal sealed class FullBacklogOutage : Outage
{
    /// <summary>Loopback answers within microseconds, or not at all.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private Socket? _filler;

    public override void Begin(Listener listener)
    {
        listener.Listen(backlog: 0);
        if (listener.HasWaiting)
            return; // a client fills it
        Socket filler = _filler = new(listener.Reachable.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            filler.Connect(listener.Reachable);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It need not be answered: a client may be faster, and fill the queue.
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
