using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// A backlog of 0 holds one connection, which the server makes itself. Then Linux drops the SYNs of other clients (net/ipv4/tcp_input.c,
/// tcp_conn_request). Other systems answer with RST.
/// </summary>
internal sealed class FullBacklogOutage : Outage
{
    /// <summary>A second connection is needed only if the queue is emptied in the meantime, which does not happen.</summary>
    private const int Fillers = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly List<Socket> _fillers = [];

    public override void Begin(Listener listener)
    {
        listener.Listen(backlog: 0);
        for (int i = 0; i < Fillers; i++)
        {
            Socket filler = new(listener.Reachable.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fillers.Add(filler);
            try
            {
                filler.Connect(listener.Reachable);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // The second one is never answered, which shows that the queue is full.
            }

            if (!filler.Poll(Patience, SelectMode.SelectWrite))
                break;
            listener.Ignore((System.Net.IPEndPoint)filler.LocalEndPoint!);
        }
    }

    public override void End(Listener listener)
    {
        foreach (Socket filler in _fillers)
            ProcessGate.Close(filler);
        listener.Listen();
    }
}
