using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Testing.Networks;

/// <summary>A listener on loopback, with connections to it whose traffic can be captured.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int MaxWait = 60_000;

    private readonly TcpListener _listener;

    public LoopbackServer(bool ipv6 = false)
    {
        _listener = new TcpListener(ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);
        _listener.Start(backlog: 100);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Options to capture the packets of this server only.</summary>
    public LiveCaptureOptions Options => new() { InterfaceName = Loopback.Name, Filter = $"tcp port {Port}" };

    /// <summary>Two ends of a new connection.</summary>
    public (TcpClient Client, TcpClient Server) Connect()
    {
        IPEndPoint end = (IPEndPoint)_listener.LocalEndpoint;
        TcpClient client = new(end.AddressFamily) { ReceiveTimeout = MaxWait };
        client.Connect(end);
        TcpClient server = _listener.AcceptTcpClient();
        server.ReceiveTimeout = MaxWait;
        return (client, server);
    }

    /// <summary>The server's end of the next connection.</summary>
    public Task<Socket> AcceptAsync() => _listener.AcceptSocketAsync();

    /// <summary>A connection with a few bytes that the server resets; eight packets at most.</summary>
    public void Exchange()
    {
        (TcpClient client, TcpClient server) = Connect();
        using (client)
        using (server)
        {
            server.Client.Send("abc"u8);
            client.Client.Receive(new byte[3]);
            server.LingerState = new LingerOption(true, 0);
            server.Client.Close(); // the TcpClient around it would call shutdown first, which sends a FIN

            // If another test starts a process at this moment, the process holds a copy of the socket for an instant, and the RST is sent only after
            // that.
            Assert.Equal(SocketError.ConnectionReset, Assert.Throws<SocketException>(() => client.Client.Receive(new byte[3])).SocketErrorCode);
        }
    }

    /// <summary>A connection that both sides close.</summary>
    public void ExchangeGracefully()
    {
        (TcpClient client, TcpClient server) = Connect();
        using (client)
        using (server)
        {
            server.Client.Send("abc"u8);
            client.Client.Receive(new byte[3]);
            server.Client.Shutdown(SocketShutdown.Send);
            while (client.Client.Receive(new byte[3]) > 0)
            {
            }

            client.Client.Shutdown(SocketShutdown.Send);
            while (server.Client.Receive(new byte[3]) > 0)
            {
            }
        }
    }

    public void Dispose() => _listener.Stop();
}
