using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>
/// Requests that expect 100 (Continue) before they send their body (RFC 9110, section 10.1.1): the server sends it only if it then reads the body.
/// </summary>
public sealed class ExpectContinueTests
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
    private const string Curl = "/usr/bin/curl";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(ServerBehavior.ForwardThenClose, ForwardSide.Client, "EOF")]
    [InlineData(ServerBehavior.ForwardThenClose, ForwardSide.Upstream, "EOF")]
    [InlineData(ServerBehavior.ForwardThenReset, ForwardSide.Client, "ECONNRESET")]
    [InlineData(ServerBehavior.ForwardThenReset, ForwardSide.Upstream, "EOF")]
    [InlineData(ServerBehavior.ForwardThenReset, ForwardSide.Both, "ECONNRESET")]
    public void The_request_after_the_limit_gets_no_100(ServerBehavior behavior, ForwardSide toward, string end)
    {
        using BrokenPipeServer upstream = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson });
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Upstream = upstream.EndPoint, AfterRequests = 2, Toward = toward });
        using TestClient client = new(server);
        Upload(client);
        Upload(client);
        client.Write(Head);
        Assert.Equal(("", end), client.ReadToEnd());
        Assert.True(server.WaitForEnded(1, MaxWait) && upstream.WaitForEnded(1, MaxWait));
        Assert.Equal((2, 2), (Assert.Single(server.Connections).Requests, Assert.Single(upstream.Connections).Requests));
    }

    [Theory]
    [InlineData(ServerBehavior.ForwardThenClose)]
    [InlineData(ServerBehavior.ForwardThenReset)]
    public void Curl_is_asked_for_exactly_the_bodies_that_are_read(ServerBehavior behavior)
    {
        if (!File.Exists(Curl))
            return;
        using BrokenPipeServer upstream = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson });
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Upstream = upstream.EndPoint, AfterRequests = 1 });
        string uri = server.Uri!.AbsoluteUri;

        // curl sends a request once more, on a new connection, if its kept connection ended without any answer.
        ProgramResult result = ChildProgram.Run(Curl, "-sv", "--max-time", "60", "--expect100-timeout", "60", "-H", "Expect: 100-continue", "-d", "abcd", uri, uri);
        Assert.Equal((0, 2, 2), (result.ExitCode, Count(result.Errors, "< HTTP/1.1 100 "), Count(result.Errors, "< HTTP/1.1 200 ")));
        Assert.True(server.WaitForEnded(2, MaxWait));
        Assert.Equal([1, 1], server.Connections.Select(connection => connection.Requests));
        Assert.NotNull(server.Connections[0].Fault);
    }

    [Fact]
    public void The_last_request_of_MaxRequests_is_read_and_answered()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.MaxRequests, MaxRequests = 2 });
        using TestClient client = new(server);
        Upload(client);
        Upload(client);
        Assert.Equal(("", "EOF"), client.ReadToEnd());
        Assert.Equal(2, Assert.Single(server.Connections).Requests);
    }

    [Theory]
    [InlineData("Content-Length: x", "400 Bad Request")]
    [InlineData("Content-Length: 4\r\nContent-Length: -1", "400 Bad Request")]
    [InlineData("Content-Length: x\r\nContent-Length: 4", "400 Bad Request")]
    public void A_body_that_is_not_read_is_not_asked_for(string length, string status)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using TestClient client = new(server);
        client.Write($"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n{length}\r\n\r\n");
        (string text, string end) = client.ReadToEnd();
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", text, StringComparison.Ordinal);
        Assert.Equal("EOF", end);
    }

    [Fact]
    public void An_early_answer_comes_in_place_of_100()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.EarlyResponse });
        using TestClient client = new(server);
        client.Write(Head);
        Assert.StartsWith("HTTP/1.1 413 Content Too Large\r\n", client.ReadToEnd().Text, StringComparison.Ordinal);
    }

    /// <summary>Sends a head, waits for 100 (Continue), sends the body, and reads the answer.</summary>
    private static void Upload(TestClient client)
    {
        client.Write(Head);
        Assert.Equal(Continue, Forwarded.Read(client.Socket, Continue.Length));
        client.Write("abcd");
        Assert.NotEqual("0", client.Read());
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
