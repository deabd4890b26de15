using System.Net.NetworkInformation;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The log if the server is stopped while a service sends, and the order of close_notify and FIN.</summary>
public sealed class CountedBytesTests
{
    private const int Runs = 60;

    /// <summary>A slow answer, without a pause between its bytes, is stopped at several moments near its middle.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_in_the_middle_of_an_answer_counts_every_byte_that_the_client_gets(bool tls)
    {
        for (int run = 0; run < Runs; run++)
        {
            using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.SlowResponse, Interval = TimeSpan.Zero, UseTls = tls });
            using Socket socket = Connect(server);
            using Stream client = tls ? Tls(socket, server) : new NetworkStream(socket);
            client.Write("GET / HTTP/1.1\r\n\r\n"u8);
            byte[] buffer = new byte[1];
            int got = client.Read(buffer);
            Task stop = Task.Run(server.Stop);
            for (int count; (count = client.Read(buffer)) > 0;)
                got += count;
            await stop;
            ServedConnection served = Assert.Single(server.Connections);
            Assert.True(served.Ending is ServedEnding.Stopped or ServedEnding.ClosedByServer, served.ToString());
            Assert.Equal(served.BytesSent, got);
        }
    }

    [Fact]
    public void Over_TLS_the_log_entry_comes_before_close_notify_and_FIN_which_come_together()
    {
        if (!OperatingSystem.IsLinux())
            return; // TCP_CORK
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseAfterRequest, UseTls = true });
        for (int run = 0; run < Runs; run++)
        {
            using Socket socket = Connect(server);
            using SslStream client = Tls(socket, server);
            client.Write("GET / HTTP/1.1\r\n\r\n"u8);
            Assert.Equal(0, client.Read(new byte[1])); // the read returns at close_notify: SslStream does not wait for the FIN
            Assert.Equal(TcpState.CloseWait, TcpInfo.StateOf(socket));
            Assert.Equal(ServedEnding.ClosedByServer, server.Connections[run].Ending);
        }
    }

    private static Socket Connect(BrokenPipeServer server)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        socket.Connect(server.Address!, server.Port);
        return socket;
    }

    private static SslStream Tls(Socket socket, BrokenPipeServer server)
    {
        SslStream tls = new(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => ((X509Certificate2)certificate!).Thumbprint == server.Certificate!.Thumbprint);
        tls.AuthenticateAsClient("localhost");
        return tls;
    }
}
