using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The methods whose answers are special: HEAD (RFC 9110, section 9.3.2) and CONNECT (section 9.3.6).</summary>
public sealed class AnswerMethodTests
{
    private const string Curl = "/usr/bin/curl";

    public static TheoryData<ServerBehavior> Answering => new(
        ServerBehavior.HttpHtml, ServerBehavior.HttpJson, ServerBehavior.HttpHeadersOnly, ServerBehavior.IdleTimeout, ServerBehavior.MaxRequests, ServerBehavior.SlowResponse, ServerBehavior.TruncatedBody);

    [Theory]
    [MemberData(nameof(Answering))]
    public void CONNECT_begins_no_tunnel(ServerBehavior behavior)
    {
        using BrokenPipeServer server = Start(behavior);
        using TestClient client = new(server);
        client.Write("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\nConnection: close\r\n\r\n");
        (string text, string end) = client.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 501 Not Implemented\r\n", text, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: ", text, StringComparison.Ordinal); // allowed: only a 2xx answer must not have it
        Assert.Equal("EOF", end);
    }

    [Theory]
    [MemberData(nameof(Answering))]
    public void Curl_knows_that_the_tunnel_failed(ServerBehavior behavior)
    {
        if (!File.Exists(Curl))
            return;
        using BrokenPipeServer server = Start(behavior);
        ProgramResult result = ChildProgram.Run(Curl, "-sS", "--max-time", "60", "--noproxy", "", "--proxytunnel", "--proxy", server.Uri!.AbsoluteUri, "http://192.0.2.1/");
        Assert.Contains("501", result.Errors, StringComparison.Ordinal);
        Assert.Equal(56, result.ExitCode); // CURLE_RECV_ERROR: the proxy has refused the tunnel
    }

    [Theory]
    [MemberData(nameof(Answering))]
    public void HEAD_gets_no_body(ServerBehavior behavior)
    {
        using BrokenPipeServer server = Start(behavior);
        using TestClient client = new(server);
        client.Write("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        (string text, string end) = client.ReadToEnd();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
        Assert.Equal("EOF", end);
    }

    private static BrokenPipeServer Start(ServerBehavior behavior) => BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Interval = TimeSpan.Zero });
}
