using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A client that closes while the upstream server does not answer the connect.</summary>
public sealed class UpstreamConnectTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The connect may take a day. 100,000 bytes are more than the server reads ahead, and few enough that the kernel accepts the FIN after them.
    /// </summary>
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0, true, false)]
    [InlineData(100, false, false)]
    [InlineData(100, true, false)]
    [InlineData(100_000, false, false)]
    [InlineData(100_000, true, false)]
    [InlineData(100, false, true)]
    [InlineData(100, true, true)]
    public void The_close_of_a_client_ends_a_connect_that_hangs(int bytes, bool reset, bool tls)
    {
        if (!OperatingSystem.IsLinux())
            return; // FullBacklog
        using BrokenPipeServer silent = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.FullBacklog });
        using BrokenPipeServer server = Start(silent.EndPoint, tls);
        using Socket client = Connect(server);
        using SslTestStream? inner = tls ? new SslTestStream(client, server) : null;
        Send(bytes, client, inner);
        if (reset)
            Forwarded.Reset(client);
        else
            client.Shutdown(SocketShutdown.Send); // not close: with TLS's tickets unread the kernel would send RST
        Assert.True(server.WaitForEnded(1, MaxWait), "the connect has not ended");
        ServedConnection served = Assert.Single(server.Connections);
        Assert.Equal(reset ? (ServedEnding.ResetByClient, "ECONNRESET") : (ServedEnding.ClosedByClient, null), (served.Ending, served.Error));
        Assert.Equal((null, null, 0), (served.Upstream, served.Fault, served.Requests));
        if (!reset && bytes <= 64 << 10) // a RST discards what was not read
            Assert.Equal(bytes, served.BytesReceived);
    }

    /// <summary>
    /// The server may have only one connection, and so only one socket to the upstream server. The socket of the evicted client must therefore be
    /// released.
    /// </summary>
    [Fact]
    public void The_connect_of_an_evicted_client_makes_room_for_the_next()
    {
        if (!OperatingSystem.IsLinux())
            return; // FullBacklog
        using BrokenPipeServer late = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.FullBacklog, ServerBehavior.HttpJson], Outage = TimeSpan.FromSeconds(1) });
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = late.EndPoint, MaxConnections = 1, HeaderTimeout = TimeSpan.FromDays(1) });
        using Socket first = Connect(server);
        first.Send("x"u8);
        using Socket second = Connect(server);
        Assert.Contains(Forwarded.ReadEnd(first), new[] { "EOF", "ECONNRESET" });
        second.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.Equal("HTTP", Forwarded.Read(second, 4));
        Assert.Equal((ServedEnding.Evicted, ServedEnding.Open), (server.Connections[0].Ending, server.Connections[1].Ending));
    }

    /// <summary>The bytes that were read ahead, and a FIN after them, are forwarded as soon as the upstream server accepts.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public async Task A_half_closed_client_that_waits_for_the_connect_is_passed_on_whole(int bytes)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using BrokenPipeServer server = Start(listener.LocalEndPoint!.ToString()!, tls: false);
        using Socket client = Connect(server);
        string sent = string.Concat(Enumerable.Range(0, bytes).Select(i => (char)('a' + (i % 26))));
        Task<int> sending = client.SendAsync(Encoding.ASCII.GetBytes(sent));
        using Socket upstream = listener.Accept();
        upstream.ReceiveTimeout = 60_000;
        Assert.Equal(sent, Forwarded.Read(upstream, bytes));
        Assert.Equal(bytes, await sending);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("EOF", Forwarded.ReadEnd(upstream));
        upstream.Send("late"u8);
        upstream.Dispose();
        Assert.Equal("late", Forwarded.Read(client, 4));
        Assert.Equal("EOF", Forwarded.ReadEnd(client));
        client.Dispose();
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal((ServedEnding.ClosedByClient, (long)bytes), (server.Connections[0].Ending, server.Connections[0].BytesReceived));
    }

    private static BrokenPipeServer Start(string upstream, bool tls) =>
        BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = upstream, UseTls = tls, HeaderTimeout = TimeSpan.FromDays(1) });

    private static Socket Connect(BrokenPipeServer server)
    {
        Socket client = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        client.Connect(server.Address!, server.Port);
        return client;
    }

    private static void Send(int bytes, Socket client, SslTestStream? tls)
    {
        if (tls is not null)
            tls.Write(new byte[bytes]);
        else if (bytes > 0)
            client.Send(new byte[bytes]);
    }

    /// <summary>A TLS stream that does not send close_notify at its end.</summary>
    private sealed class SslTestStream : IDisposable
    {
        private readonly SslStream _tls;

        public SslTestStream(Socket socket, BrokenPipeServer server)
        {
            _tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: true, (_, certificate, _, _) => ((X509Certificate2)certificate!).Thumbprint == server.Certificate!.Thumbprint);
            _tls.AuthenticateAsClient("localhost");
        }

        public void Write(byte[] bytes) => _tls.Write(bytes);

        public void Dispose()
        {
            try
            {
                _tls.Dispose();
            }
            catch (Exception e) when (e is ObjectDisposedException or IOException)
            {
                // the socket is closed
            }
        }
    }
}
