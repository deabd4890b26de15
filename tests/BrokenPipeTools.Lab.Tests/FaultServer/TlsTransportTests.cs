using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The end of a TLS connection if the client does not read or has reset it.</summary>
public sealed class TlsTransportTests
{
    private const int CloseNotifyBytes = 24; // a record of TLS 1.3

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_record_that_was_sent_in_part_is_followed_by_FIN_and_nothing_else()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenClose, options => options with { UseTls = true, Toward = ForwardSide.Upstream, AfterBytes = 1 });
        StalledClientTests.Fill(ends);
        ends.Tls!.Write("x"u8);
        ServedConnection served = ends.Ended();
        Assert.Equal((ServedEnding.ClosedByServer, "FIN to the upstream server after 1 byte"), (served.Ending, served.Fault));

        long received = 0;
        IOException cut = Assert.Throws<IOException>(() => ReadToEnd(ends.Tls, ref received));
        Assert.Contains("unexpected EOF", cut.Message, StringComparison.Ordinal); // not "the decryption operation failed"
        Assert.Equal(received, served.BytesSent);
    }

    [Fact]
    public async Task A_reset_before_close_notify_is_an_error_of_the_socket()
    {
        await using Ends ends = await Ends.ConnectAsync();
        Forwarded.Reset(ends.Client);
        Assert.True(ends.Server.Poll(MaxWait, SelectMode.SelectRead));
        SocketException e = await Assert.ThrowsAsync<SocketException>(async () => await ends.Transport.FinishSendingAsync(CancellationToken.None));
        Assert.Equal("ECONNRESET", SocketErrors.Name(e));
    }

    [Fact]
    public async Task A_close_notify_without_room_is_given_up_and_not_tried_again()
    {
        await using Ends ends = await Ends.ConnectAsync();
        ends.FillWithZeros();
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ends.Transport.FinishSendingAsync(soon.Token));
        await ends.Transport.ReleaseAsync(orderly: true).AsTask().WaitAsync(MaxWait);
        PlainTransport.Finish(ends.Server);
        Assert.Equal(new byte[CloseNotifyBytes], ends.LastBytesOfClientsSide(CloseNotifyBytes));
    }

    private static void ReadToEnd(SslStream tls, ref long received)
    {
        byte[] buffer = new byte[1 << 16];
        for (int count; (count = tls.Read(buffer)) > 0;)
            received += count;
    }

    /// <summary>A connection after its handshake.</summary>
    private sealed class Ends : IAsyncDisposable
    {
        private readonly SslStream _tls;

        private Ends(Socket client, Socket server, string thumbprint)
        {
            (Client, Server) = (client, server);
            Transport = new TlsTransport(server, notifies: true);
            _tls = new SslStream(new NetworkStream(client), leaveInnerStreamOpen: false, (_, certificate, _, _) => ((X509Certificate2)certificate!).Thumbprint == thumbprint);
        }

        public Socket Client { get; }

        public Socket Server { get; }

        public TlsTransport Transport { get; }

        public static async Task<Ends> ConnectAsync()
        {
            using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
            client.Connect(listener.LocalEndPoint!);
            ServerTls tls = ServerTls.For(new BrokenPipeServerOptions { UseTls = true }, IPAddress.Loopback)!;
            Ends ends = new(client, listener.Accept(), tls.Certificate.Thumbprint);
            Task server = ends.Transport.ShakeHandsAsync(tls.Options, serverHelloOnly: false, MaxWait, CancellationToken.None).AsTask();
            await ends._tls.AuthenticateAsClientAsync("localhost").WaitAsync(MaxWait);
            await server.WaitAsync(MaxWait);
            return ends;
        }

        /// <summary>Sends from the server's side until the kernel has no room for another byte, and none becomes free.</summary>
        public void FillWithZeros()
        {
            Server.Blocking = false;
            byte[] chunk = new byte[1 << 16];
            for (int refused = 0, size = chunk.Length; refused < 20;)
            {
                Server.Send(chunk.AsSpan(0, size), SocketFlags.None, out SocketError error);
                if (error == SocketError.Success)
                {
                    refused = 0;
                }
                else if (size > 1)
                {
                    size = 1;
                }
                else
                {
                    refused++;
                    Thread.Sleep(20); // the kernel still moves bytes to the client's side
                }
            }
        }

        /// <summary>Reads, without TLS, to the end, and returns the last bytes.</summary>
        public byte[] LastBytesOfClientsSide(int count)
        {
            byte[] buffer = new byte[1 << 16];
            byte[] last = new byte[count];
            for (int read; (read = Client.Receive(buffer)) > 0;)
                last = [.. last.Concat(buffer[Math.Max(0, read - count)..read]).TakeLast(count)];
            return last;
        }

        public async ValueTask DisposeAsync()
        {
            await _tls.DisposeAsync();
            Transport.Dispose();
            Client.Dispose();
            Server.Dispose();
        }
    }
}
