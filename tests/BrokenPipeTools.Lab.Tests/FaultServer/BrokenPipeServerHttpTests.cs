using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>The HTTP behaviors with a real HTTP client.</summary>
public sealed class BrokenPipeServerHttpTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_connection_is_kept_for_many_requests(string address)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, Address = IPAddress.Parse(address) });
        using (HttpClient client = new())
        {
            for (int i = 1; i <= 3; i++)
            {
                JsonElement answer = await client.GetFromJsonAsync<JsonElement>(server.Uri);
                Assert.Equal((1, i), (answer.GetProperty("connection").GetInt32(), answer.GetProperty("request").GetInt32()));
            }
        }

        Assert.True(server.WaitForEnded(1, MaxWait));
        ServedConnection served = Assert.Single(server.Connections);
        Assert.Equal((ServedEnding.ClosedByClient, 3, "GET / HTTP/1.1"), (served.Ending, served.Requests, served.RequestLine));
    }

    [Fact]
    public async Task A_page_has_its_type_and_length()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(server.Uri);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(("text/html", body.Length), (answer.Content.Headers.ContentType!.MediaType, (int)answer.Content.Headers.ContentLength!));
        Assert.Contains("connection 1, request 1", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_only_have_no_body_and_HEAD_gets_none()
    {
        using BrokenPipeServer headers = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHeadersOnly });
        using BrokenPipeServer page = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using HttpClient client = new();
        using HttpResponseMessage empty = await client.GetAsync(headers.Uri);
        using HttpResponseMessage head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, page.Uri));
        using HttpResponseMessage after = await client.GetAsync(page.Uri); // if the server had sent a body, the client would read it as this answer
        Assert.Equal((HttpStatusCode.OK, 0L), (empty.StatusCode, empty.Content.Headers.ContentLength!.Value));
        Assert.True(head.Content.Headers.ContentLength > 0);
        Assert.Equal((HttpStatusCode.OK, 1L), (after.StatusCode, page.Accepted));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Uploads_are_read_to_their_end_before_the_answer(bool chunked, bool expectContinue)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson });
        using HttpClient client = new();
        for (int i = 1; i <= 3; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, server.Uri) { Content = new ByteArrayContent(new byte[300_000]) };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = expectContinue;
            using HttpResponseMessage answer = await client.SendAsync(request);
            Assert.Equal(i, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("request").GetInt32());
        }

        Assert.Equal(1, server.Accepted);
        Assert.True(Assert.Single(server.Connections).BytesReceived > 900_000);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "200 OK", "close")]
    [InlineData("GET / HTTP/1.0\n\n", "200 OK", "close")]
    [InlineData("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", "200 OK", "keep-alive")]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "200 OK", "close")]
    [InlineData("hello\r\n", "400 Bad Request", "close")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400 Bad Request", "close")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\nGET / HTTP/1.1\r\n\r\n", "400 Bad Request", "close")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nabc", "400 Bad Request", "close")]
    public void The_connection_ends_as_HTTP_requires(string request, string status, string connection)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using TestClient client = new(server);
        client.Write(request);
        (string text, string end) = client.ReadToEnd();
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"\r\nConnection: {connection}\r\n", text, StringComparison.Ordinal);
        Assert.Equal("EOF", end);
    }

    [Fact]
    public void A_request_may_come_byte_by_byte_with_trailers_and_extensions()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.MaxRequests });
        using TestClient client = new(server);
        client.Socket.NoDelay = true;
        foreach (char value in "\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nA;x=1\r\n0123456789\r\n0\r\nTrailer: y\r\n\r\n")
            Assert.Equal("1", client.Write($"{value}"));
        Assert.Equal("EOF", client.ReadToEnd().End);
        Assert.Equal((1, "POST / HTTP/1.1"), (server.Connections[0].Requests, server.Connections[0].RequestLine));
    }

    [Fact]
    public void A_head_without_end_is_refused_within_its_bound()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml, MaxRequestBytes = 8192 });
        using TestClient client = new(server);
        client.Write("GET / HTTP/1.1\r\nX: " + new string('x', 8192));
        Assert.StartsWith("HTTP/1.1 431 ", client.ReadToEnd().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ServerBehavior.ResetOnAccept)]
    [InlineData(ServerBehavior.ResetAfterRequest)]
    [InlineData(ServerBehavior.CloseOnAccept)]
    [InlineData(ServerBehavior.CloseAfterRequest)]
    [InlineData(ServerBehavior.CloseWithUnreadData)]
    [InlineData(ServerBehavior.RandomBytes)]
    [InlineData(ServerBehavior.HalfClose)]
    [InlineData(ServerBehavior.TruncatedBody)]
    public async Task A_client_gets_an_exception_if_the_answer_is_incomplete(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior });
        using HttpClient client = new();
        Exception? thrown = await Record.ExceptionAsync(() => client.GetStringAsync(server.Uri));
        Assert.True(thrown is HttpRequestException or IOException or SocketException, $"{thrown}"); // HttpClient does not wrap the exception if the reset comes this early
        Assert.True(server.Accepted >= 1);
    }

    [Fact]
    public async Task A_slow_answer_outlasts_the_clients_timeout()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.SlowResponse });
        using HttpClient client = new() { Timeout = TimeSpan.FromMilliseconds(300) };
        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetStringAsync(server.Uri));
        Assert.True(server.WaitForEnded(1, MaxWait));
        Assert.Contains(server.Connections[0].Ending, new[] { ServedEnding.ClosedByClient, ServedEnding.ResetByClient });
    }
}
