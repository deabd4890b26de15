using System.Text;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Servers with more than one behavior, as their clients see them.</summary>
public sealed class SequenceTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false, "ECONNRESET EOF 200 200 200")]
    [InlineData(true, "ECONNRESET EOF 200 ECONNRESET EOF")]
    public void Each_connection_gets_the_next_behavior(bool loop, string seen)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.ResetAfterRequest, ServerBehavior.CloseAfterRequest, ServerBehavior.HttpJson], Loop = loop });
        Assert.Equal(seen, string.Join(' ', Enumerable.Range(0, 5).Select(_ => Ask(server))));
        Assert.True(server.WaitForEnded(5, MaxWait));
        ServerBehavior third = loop ? ServerBehavior.ResetAfterRequest : ServerBehavior.HttpJson;
        Assert.Equal([ServerBehavior.ResetAfterRequest, ServerBehavior.CloseAfterRequest, ServerBehavior.HttpJson, third], server.Connections.Take(4).Select(c => c.Behavior!.Value));
    }

    [Fact]
    public void Each_request_gets_the_next_behavior_on_any_connection()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpJson, ServerBehavior.HttpJson, ServerBehavior.ResetAfterRequest], Loop = true, Per = ServerStep.Request });
        using (TestClient one = new(server))
        using (TestClient two = new(server))
        {
            Assert.Equal(("200", "200"), (Request(one), Request(two)));
            Assert.Equal("ECONNRESET", Request(one));
            Assert.Equal("200", Request(two));
        }

        Assert.True(server.WaitForEnded(2, MaxWait));
        Assert.Equal("HttpJson; ResetAfterRequest | HttpJson; HttpJson", string.Join(" | ", server.Connections.Select(c => c.Behaviors)));
        Assert.Equal([ServerBehavior.ResetAfterRequest, ServerBehavior.HttpJson], server.Connections.Select(c => c.Behavior!.Value));
    }

    [Fact]
    public void Each_of_several_requests_in_one_segment_gets_its_own_behavior()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpJson, ServerBehavior.HttpHeadersOnly, ServerBehavior.CloseAfterRequest], Per = ServerStep.Request });
        using TestClient client = new(server);
        client.Write(TestClient.Get + TestClient.Get + TestClient.Get);
        (string text, string end) = client.ReadToEnd();
        Assert.Equal((2, "EOF"), (text.Split("HTTP/1.1 200 OK").Length - 1, end));
        Assert.Equal("HttpJson; HttpHeadersOnly; CloseAfterRequest", server.Connections[0].Behaviors.ToString());
    }

    [Fact]
    public void A_connection_without_a_request_meets_none()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.ResetAfterRequest, ServerBehavior.HttpJson], Per = ServerStep.Request });
        new TestClient(server).Dispose();
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Equal((null, 0, ServerBehavior.ResetAfterRequest), (server.Connections[0].Behavior, server.Connections[0].Behaviors.Count, server.Behavior));
    }

    [Fact]
    public void A_long_connection_keeps_the_latest_hundred()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpHeadersOnly, ServerBehavior.HttpJson], Per = ServerStep.Request });
        using TestClient client = new(server);
        for (int i = 0; i < 150; i++)
            Request(client);
        ServedConnection served = server.Connections[0];
        Assert.Equal((150, 100), (served.Requests, served.Behaviors.Count));
        Assert.DoesNotContain(ServerBehavior.HttpHeadersOnly, served.Behaviors);
    }

    [Fact]
    public void A_run_by_chance_is_repeated_by_the_seed_that_the_server_shows()
    {
        BrokenPipeServerOptions options = new() { Behaviors = [ServerBehavior.ResetAfterRequest, ServerBehavior.CloseAfterRequest, ServerBehavior.HttpJson], Probability = 0.4 };
        using BrokenPipeServer first = BrokenPipeServer.Start(options);
        string seen = string.Join(' ', Enumerable.Range(0, 40).Select(_ => Ask(first)));
        using BrokenPipeServer second = BrokenPipeServer.Start(options with { Seed = first.Seed });
        Assert.Equal(seen, string.Join(' ', Enumerable.Range(0, 40).Select(_ => Ask(second))));
        Assert.Equal(first.Connections.Select(c => c.Behavior), second.Connections.Select(c => c.Behavior));
    }

    public static TheoryData<BrokenPipeServerOptions> Wrong =>
    [
        new BrokenPipeServerOptions { Behaviors = [] },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.UnixSink, ServerBehavior.HttpJson] },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpJson], Probability = 0.5 },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.Refuse, ServerBehavior.HttpJson], Probability = 1.5 },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.Refuse, ServerBehavior.HttpJson], Probability = double.NaN },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.NeverAnswer, ServerBehavior.HttpJson], Probability = 0.5, Loop = true },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.Refuse, ServerBehavior.HttpJson], Per = ServerStep.Request },
        new BrokenPipeServerOptions { Behaviors = [ServerBehavior.Refuse, ServerBehavior.HttpJson], Outage = TimeSpan.Zero },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.ResetAfterHandshake },
        new BrokenPipeServerOptions { SendsCloseNotify = false },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink, UseTls = true },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, Upstream = "localhost:80" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = "localhost" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = "::1:80" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = "localhost:0" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.ForwardThenReset, Upstream = "localhost:80" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = "localhost:80", AfterBytes = 5 },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.ForwardThenReset, Upstream = "localhost:80", AfterBytes = 0 },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.ForwardThenReset, Upstream = "localhost:80", AfterRequests = 1, Per = ServerStep.Request },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_that_do_not_go_together_are_refused(BrokenPipeServerOptions options) =>
        Assert.Equal(ServerProblemId.ServerOptionInvalid, Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(options)).Id);

    /// <summary>Returns the HTTP status, the end of the connection, or the errno.</summary>
    private static string Ask(BrokenPipeServer server)
    {
        using TestClient client = new(server);
        return Request(client);
    }

    private static string Request(TestClient client)
    {
        client.Write(TestClient.Get);
        byte[] buffer = new byte[4096];
        try
        {
            int count = client.Socket.Receive(buffer);
            return count == 0 ? "EOF" : Encoding.ASCII.GetString(buffer, 0, count).Split(' ')[1];
        }
        catch (System.Net.Sockets.SocketException e)
        {
            return BrokenPipeTools.Sockets.SocketErrors.Name(e);
        }
    }
}
