using System.Net;
using System.Net.Sockets;
using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>A forwarded connection. The test controls both ends.</summary>
public sealed class ForwardTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void Bytes_and_half_closes_pass_in_both_directions()
    {
        using Forwarded ends = new(ServerBehavior.Forward);
        ends.Client.Send("hello"u8);
        Assert.Equal("hello", Forwarded.Read(ends.Upstream, 5));
        ends.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("EOF", Forwarded.ReadEnd(ends.Upstream));
        ends.Upstream.Send("answer after the FIN"u8);
        Assert.Equal("answer after the FIN", Forwarded.Read(ends.Client, 20));
        ends.Upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal("EOF", Forwarded.ReadEnd(ends.Client));
        ServedConnection served = ends.Ended();
        Assert.Equal((ServedEnding.ClosedByClient, 5L, 20L, null), (served.Ending, served.BytesReceived, served.BytesSent, served.Fault));
        Assert.Equal(ends.Target, served.Upstream);
    }

    [Fact]
    public void The_upstream_servers_FIN_first_is_in_the_log_as_ours()
    {
        using Forwarded ends = new(ServerBehavior.Forward);
        ends.Upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal("EOF", Forwarded.ReadEnd(ends.Client));
        ends.Client.Send("late"u8);
        Assert.Equal("late", Forwarded.Read(ends.Upstream, 4));
        ends.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal("EOF", Forwarded.ReadEnd(ends.Upstream));
        Assert.Equal(ServedEnding.ClosedByServer, ends.Ended().Ending);
    }

    [Fact]
    public void A_reset_passes_in_both_directions()
    {
        using Forwarded fromUpstream = new(ServerBehavior.Forward);
        fromUpstream.Client.Send("x"u8);
        Assert.Equal("x", Forwarded.Read(fromUpstream.Upstream, 1)); // so that connect has returned on every side
        Forwarded.Reset(fromUpstream.Upstream);
        Assert.Equal("ECONNRESET", Forwarded.ReadEnd(fromUpstream.Client));
        Assert.Equal((ServedEnding.ResetByServer, "RST of the upstream server forwarded"), (fromUpstream.Ended().Ending, fromUpstream.Ended().Fault));

        using Forwarded fromClient = new(ServerBehavior.Forward);
        fromClient.Client.Send("x"u8);
        Assert.Equal("x", Forwarded.Read(fromClient.Upstream, 1));
        Forwarded.Reset(fromClient.Client);
        Assert.Equal("ECONNRESET", Forwarded.ReadEnd(fromClient.Upstream));
        Assert.Equal((ServedEnding.ResetByClient, "ECONNRESET", null), (fromClient.Ended().Ending, fromClient.Ended().Error, fromClient.Ended().Fault));
    }

    [Theory]
    [InlineData(ServerBehavior.ForwardThenReset, ForwardSide.Client, "ECONNRESET", "EOF", "RST to the client after 1000 bytes")]
    [InlineData(ServerBehavior.ForwardThenReset, ForwardSide.Both, "ECONNRESET", "ECONNRESET", "RST to both sides after 1000 bytes")]
    [InlineData(ServerBehavior.ForwardThenClose, ForwardSide.Client, "EOF", "EOF", "FIN to the client after 1000 bytes")]
    [InlineData(ServerBehavior.ForwardThenClose, ForwardSide.Both, "EOF", "EOF", "FIN to both sides after 1000 bytes")]
    public void After_the_limit_of_bytes_to_the_client_the_connection_fails_and_all_of_them_have_arrived(ServerBehavior behavior, ForwardSide toward, string client, string upstream, string fault)
    {
        using Forwarded ends = new(behavior, options => options with { AfterBytes = 1000, Toward = toward });
        ends.Upstream.Send(new byte[400]);
        Assert.Equal(400, Forwarded.Read(ends.Client, 400).Length);
        ends.Upstream.Send(new byte[5000]);
        Assert.Equal(600, Forwarded.Read(ends.Client, 600).Length);
        Assert.Equal((client, upstream), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        ServedConnection served = ends.Ended();
        Assert.Equal((client == "EOF" ? ServedEnding.ClosedByServer : ServedEnding.ResetByServer, 1000L, fault), (served.Ending, served.BytesSent, served.Fault));
    }

    [Theory]
    [InlineData(ServerBehavior.ForwardThenReset, "EOF", "ECONNRESET", "RST to the upstream server after 1000 bytes")]
    [InlineData(ServerBehavior.ForwardThenClose, "EOF", "EOF", "FIN to the upstream server after 1000 bytes")]
    public void After_the_limit_of_bytes_to_the_upstream_server_the_connection_fails_there(ServerBehavior behavior, string client, string upstream, string fault)
    {
        using Forwarded ends = new(behavior, options => options with { AfterBytes = 1000, Toward = ForwardSide.Upstream });
        ends.Upstream.Send(new byte[5000]); // bytes in this direction are not counted
        Assert.Equal(5000, Forwarded.Read(ends.Client, 5000).Length);
        ends.Client.Send(new byte[1500]);
        Assert.Equal(1000, Forwarded.Read(ends.Upstream, 1000).Length);
        Assert.Equal((client, upstream), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        Assert.Equal(fault, ends.Ended().Fault);
    }

    [Fact]
    public void Silence_drops_one_direction_and_the_other_continues()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenSilence, options => options with { AfterBytes = 10, Toward = ForwardSide.Client });
        ends.Upstream.Send(new byte[1_000_000]); // discarded by the server, so that the sender is not blocked
        Assert.Equal(10, Forwarded.Read(ends.Client, 10).Length);
        ends.Client.Send("still heard"u8);
        Assert.Equal("still heard", Forwarded.Read(ends.Upstream, 11));
        Forwarded.Reset(ends.Upstream);
        ends.Client.Send("into the void"u8);
        Assert.False(ends.Client.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead)); // neither bytes, nor FIN, nor RST
        Assert.Equal(("silence to the client after 10 bytes", ServedEnding.Open), (ends.Server.Connections[0].Fault, ends.Server.Connections[0].Ending));
        ends.Client.Close();
        Assert.Equal(ServedEnding.ClosedByClient, ends.Ended().Ending); // the upstream server's end came first, but the client did not get it
    }

    [Theory]
    [InlineData(ForwardSide.Upstream)]
    [InlineData(ForwardSide.Both)]
    public void Silence_to_the_upstream_server_hides_the_clients_FIN(ForwardSide toward)
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenSilence, options => options with { AfterBytes = 5, Toward = toward });
        ends.Client.Send("hello, world"u8);
        Assert.Equal("hello", Forwarded.Read(ends.Upstream, 5));
        ends.Client.Shutdown(SocketShutdown.Send);
        Assert.False(ends.Upstream.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
        ends.Upstream.Send("answer"u8);
        ends.Upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal(toward == ForwardSide.Both ? "" : "answer", Forwarded.Read(ends.Client, toward == ForwardSide.Both ? 0 : 6));
        Assert.NotNull(ends.Ended().Fault);
    }

    [Fact]
    public void A_reset_that_is_hidden_from_the_upstream_server_is_in_the_log()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenSilence, options => options with { AfterBytes = 5, Toward = ForwardSide.Upstream });
        ends.Client.Send("hello"u8);
        Assert.Equal("hello", Forwarded.Read(ends.Upstream, 5));
        Assert.True(SpinWait.SpinUntil(() => ends.Server.Connections[0].Fault is not null, MaxWait));
        Forwarded.Reset(ends.Client);
        Assert.False(ends.Upstream.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead));
        ends.Upstream.Shutdown(SocketShutdown.Send);
        Assert.Equal((ServedEnding.ResetByClient, "ECONNRESET"), (ends.Ended().Ending, ends.Ended().Error));
    }

    [Fact]
    public void The_request_after_the_limit_causes_the_fault_and_is_not_forwarded()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenReset, options => options with { AfterRequests = 2 });
        for (int i = 0; i < 2; i++)
        {
            ends.Client.Send("ask "u8);
            ends.Client.Send("on"u8);
            Assert.Equal("ask on", Forwarded.Read(ends.Upstream, 6));
            ends.Upstream.Send("answer"u8);
            Assert.Equal("answer", Forwarded.Read(ends.Client, 6));
        }

        ends.Client.Send("third"u8);
        Assert.Equal(("ECONNRESET", "EOF"), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        Assert.Equal("RST to the client after 2 requests", ends.Ended().Fault);
    }

    [Fact]
    public void The_body_after_100_Continue_is_not_another_request()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenReset, options => options with { AfterRequests = 1 });
        foreach ((string part, string answer) in new[] { ("head", "HTTP/1.1 100 Continue\r\n\r\n"), ("body", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n") })
        {
            ends.Client.Send(Encoding.ASCII.GetBytes(part));
            Assert.Equal(part, Forwarded.Read(ends.Upstream, part.Length));
            ends.Upstream.Send(Encoding.ASCII.GetBytes(answer));
            Assert.Equal(answer, Forwarded.Read(ends.Client, answer.Length));
        }

        ends.Client.Send("next"u8);
        Assert.Equal(("ECONNRESET", "EOF"), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        ServedConnection served = ends.Ended();
        Assert.Equal(("RST to the client after 1 request", 1), (served.Fault, served.Requests));
    }

    [Fact]
    public void After_the_time_limit_the_connection_fails_even_without_a_byte()
    {
        using Forwarded ends = new(ServerBehavior.ForwardThenReset, options => options with { AfterTime = TimeSpan.FromMilliseconds(200) });
        Assert.Equal(("ECONNRESET", "EOF"), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        Assert.Equal("RST to the client after 0.2 s", ends.Ended().Fault);
    }

    [Fact]
    public void An_upstream_server_that_is_not_there_resets_the_client_and_is_named()
    {
        int port;
        using (Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            port = ((IPEndPoint)free.LocalEndPoint!).Port;
        }

        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = $"localhost:{port}" });
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
        client.Connect(server.Address!, server.Port);
        Assert.Equal("ECONNRESET", Forwarded.ReadEnd(client));
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal((ServedEnding.UpstreamFailed, "ECONNREFUSED", $"localhost:{port}"), (server.Connections[0].Ending, server.Connections[0].Error, server.Connections[0].Upstream));
    }

    [Theory]
    [InlineData("nosuch.invalid:80", "HostNotFound", "TryAgain")] // a machine without a resolver has another error
    [InlineData("[::ffff:127.0.0.1]:1", "ECONNREFUSED", "ECONNREFUSED")]
    [InlineData("0.0.0.0:1", "ECONNREFUSED", "EADDRNOTAVAIL")]
    public void An_upstream_server_that_cannot_be_reached_is_named_with_its_error(string upstream, string error, string or)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = upstream });
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 40_000 };
        client.Connect(server.Address!, server.Port);
        Assert.Equal("ECONNRESET", Forwarded.ReadEnd(client));
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal(ServedEnding.UpstreamFailed, server.Connections[0].Ending);
        Assert.Contains(SocketErrors.Portable(server.Connections[0].Error!), new[] { error, or });
    }

    [Fact]
    public void With_TLS_the_client_is_decrypted_and_the_fault_is_the_same()
    {
        using BrokenPipeServer upstream = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson });
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.ForwardThenReset, ServerBehavior.Forward], UseTls = true, Upstream = upstream.EndPoint, AfterBytes = 15 });
        using TlsTestClient first = new(server);
        Assert.Equal(("HTTP/1.1 200 OK", "ECONNRESET"), first.Ask("GET / HTTP/1.0\r\n\r\n"));
        using TlsTestClient second = new(server);
        (string text, string end) = second.Ask("GET / HTTP/1.0\r\n\r\n");
        Assert.EndsWith("\"request\":1}\n", text, StringComparison.Ordinal);
        Assert.Equal("close_notify", end);
    }

    [Fact]
    public void Stop_ends_both_ends()
    {
        using Forwarded ends = new(ServerBehavior.Forward);
        ends.Server.Stop();
        Assert.Equal(("EOF", "EOF"), (Forwarded.ReadEnd(ends.Client), Forwarded.ReadEnd(ends.Upstream)));
        Assert.Equal(ServedEnding.Stopped, Assert.Single(ends.Server.Connections).Ending);
    }
}
