using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>
/// No number of clients can keep another client out, whatever the clients do not send. The log names the connections that were closed to make room.
/// </summary>
public sealed class BrokenPipeServerRoomTests
{
    private const int Room = 32;
    private const string HalfRequest = "GET / HTTP/1.1\r\nHost: test\r\nX-Half: ";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    public static TheoryData<string, string> Idlers => new()
    {
        { "silent", "" },
        { "in the head", HalfRequest },
        { "in the body", "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf" },
        { "kept alive", TestClient.Get },
        { "line ends", "\r\n\r\n" },
    };

    [Theory]
    [MemberData(nameof(Idlers))]
    public void The_connection_that_was_idle_for_the_longest_time_makes_room(string how, string sent)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml, MaxConnections = Room });
        TestClient[] idlers = [.. Enumerable.Range(0, Room).Select(_ => Idler(server, sent))];
        Assert.True(SpinWait.SpinUntil(() => server.Connections.Count(c => c.BytesReceived == sent.Length) == Room, MaxWait), how);
        idlers[0].Write("\r\n"); // the first one is then no longer the one that was idle for the longest time
        Assert.True(SpinWait.SpinUntil(() => server.Connections[0].BytesReceived == sent.Length + 2, MaxWait));

        AssertServes(server);

        Assert.Equal((Room + 1L, 1L, ServedEnding.Evicted), (server.Accepted, server.Evicted, server.Connections[1].Ending));
        Assert.NotEqual(ServedEnding.Evicted, server.Connections[0].Ending);
        Assert.EndsWith("EOF", idlers[1].ReadToEnd().End, StringComparison.Ordinal); // with FIN: it has nothing unread
        Array.ForEach(idlers, client => client.Dispose());
    }

    [Theory]
    [InlineData(ServerBehavior.NeverAnswer)]
    [InlineData(ServerBehavior.HalfClose)]
    [InlineData(ServerBehavior.SlowResponse)]
    [InlineData(ServerBehavior.UnixSink)]
    public void A_behavior_that_keeps_its_clients_waiting_has_room_for_another(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, MaxConnections = 2 });
        TestClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => Idler(server, TestClient.Get))];
        Assert.True(SpinWait.SpinUntil(() => server.Connections is [_, _, _, _, { BytesReceived: > 0, Ending: ServedEnding.Open }], MaxWait));
        Assert.Equal((5L, 3L, 2), (server.Accepted, server.Evicted, server.Open));
        Assert.Equal(3, server.Connections.Count(c => c.Ending == ServedEnding.Evicted));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Theory]
    [InlineData(ServerBehavior.HttpHtml)]
    [InlineData(ServerBehavior.IdleTimeout)]
    [InlineData(ServerBehavior.MaxRequests)]
    public void Half_a_head_is_answered_408_in_the_end(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, HeaderTimeout = Short });
        using TestClient client = Idler(server, HalfRequest);
        (string text, string end) = client.ReadToEnd();
        client.Dispose();
        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", text, StringComparison.Ordinal);
        Assert.Equal(("EOF", ServedEnding.HeaderTimeout, 0), (end, Served(server).Ending, Served(server).Requests));
        Assert.True(Served(server).Duration >= Short.TotalSeconds - 0.02);
    }

    [Theory]
    [InlineData(ServerBehavior.ResetAfterRequest)]
    [InlineData(ServerBehavior.CloseAfterRequest)]
    [InlineData(ServerBehavior.SlowResponse)]
    [InlineData(ServerBehavior.HalfClose)]
    [InlineData(ServerBehavior.TruncatedBody)]
    [InlineData(ServerBehavior.EarlyResponse)]
    public void Half_a_head_is_not_the_request_that_a_behavior_waits_for(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, HeaderTimeout = Short });
        using TestClient client = Idler(server, HalfRequest);
        Assert.Equal(("", "EOF"), client.ReadToEnd());
        Assert.Equal((ServedEnding.HeaderTimeout, 0), (Served(server).Ending, Served(server).Requests));
    }

    [Fact]
    public void A_head_that_trickles_in_gets_no_more_time()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml, HeaderTimeout = Short });
        using TestClient client = Idler(server, HalfRequest);
        client.Socket.NoDelay = true;
        while (!client.Socket.Poll(TimeSpan.FromMilliseconds(10), System.Net.Sockets.SelectMode.SelectRead))
            client.Write("x");
        Assert.Contains(" 408 ", client.ReadToEnd().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_between_two_requests_has_no_header_timeout()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml, HeaderTimeout = Short });
        using TestClient client = Idler(server, TestClient.Get);
        client.Read();
        Thread.Sleep(Short * 2);
        client.Write(TestClient.Get);
        Assert.NotEqual("0", client.Read());
        Assert.Equal(2, Assert.Single(server.Connections).Requests);
    }

    private static TestClient Idler(BrokenPipeServer server, string sent)
    {
        TestClient client = new(server);
        if (sent.Length > 0)
            client.Write(sent);
        return client;
    }

    private static void AssertServes(BrokenPipeServer server)
    {
        using TestClient client = new(server);
        client.Write("GET / HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", client.ReadToEnd().Text, StringComparison.Ordinal);
    }

    private static ServedConnection Served(BrokenPipeServer server)
    {
        Assert.True(server.WaitForEnded(1, MaxWait), "the connection has not ended");
        return Assert.Single(server.Connections);
    }
}
