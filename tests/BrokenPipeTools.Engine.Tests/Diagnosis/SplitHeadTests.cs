using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A server may write the head of its response in several segments.</summary>
public sealed class SplitHeadTests
{
    private const string ServerCloses = "S:FIN\nC:ACK\nC:FIN\nS:ACK";
    private const string Head = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\n";

    /// <summary>Wherever the head is split, its fields are the same.</summary>
    [Fact]
    public void A_head_in_two_segments_says_the_same_as_in_one()
    {
        for (int at = "HTTP/1.1 200".Length; at < Head.Length; at++)
        {
            ConnectionClose cut = Run([Head[..at], Head[at..], new string('x', 40)]);
            Assert.Equal((Cause.NormalClose, Confidence.Medium, "HTTP 200 OK, Connection: close"), (cut.Cause, cut.Confidence, cut.ServerCloseReason));
            Assert.Contains("HTTP response (frame 5) announces a body of 100 bytes, and the server closed before the last 60 of them", cut.Explanation, StringComparison.Ordinal);

            Assert.Equal(Confidence.High, Run([Head[..at], Head[at..] + new string('x', 100)]).Confidence);
        }
    }

    [Theory]
    [InlineData(true, "HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "5\r\nhello\r\n")]
    [InlineData(false, "HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(false, "HTTP/1.1 200 OK\r\n", "Server: x\r\n\r\n", "the close ends the body")]
    [InlineData(false, "HTTP/1.1 304 Not Modified\r\n", "Content-Length: 1000\r\n\r\n")]
    [InlineData(true, "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Length: 9\r\n\r\n")]
    [InlineData(false, "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n", "HTTP/1.1 500 Oops\r\nContent-Length: 1000\r\n\r\n123456789012345678")] // a body that looks like a head
    public void An_incomplete_body_is_found_after_any_split(bool isIncomplete, params string[] segments)
    {
        ConnectionClose record = Run(segments);
        Assert.Equal(isIncomplete, record.Explanation.Contains("the response is incomplete", StringComparison.Ordinal));
        Assert.DoesNotContain("500", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_to_HEAD_has_no_body_in_two_segments_either() =>
        Assert.Equal(Confidence.High, Run(["HTTP/1.1 200 OK\r\nContent-Le", "ngth: 1000\r\n\r\n"], "HEAD").Confidence);

    [Fact]
    public void A_status_in_two_segments_is_the_reason() =>
        Assert.Equal("HTTP 408 Request Timeout", Run(["HTTP/1.1 40", "8 Request Timeout\r\nConnection: close\r\n\r\n"]).ServerCloseReason);

    [Fact]
    public void The_second_response_of_a_connection_may_have_its_status_in_two_segments()
    {
        const string First = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
        ConnectionClose record = Run([First, "HTTP/1.1 50", "3 Service Unavailable\r\nConnection: close\r\n\r\n"]);
        Assert.Equal("HTTP 503 Service Unavailable", record.ServerCloseReason);
        Assert.Contains("HTTP 503 Service Unavailable (frame 9) and closed", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A head that never ends is not stored beyond its limit.</summary>
    [Fact]
    public void A_head_without_an_end_is_bounded() =>
        Assert.Equal(Cause.NormalClose, Run([.. Enumerable.Repeat("HTTP/1.1 200 OK\r\nX: " + new string('x', 1000), 9)]).Cause);

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: y", "Content-Length: 1000")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nServer: x\r\n")]
    public void A_response_that_ends_inside_its_head_is_incomplete(params string[] segments)
    {
        ConnectionClose record = Run(segments);
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains("The server's HTTP response (frame 5) ends in the middle of its head: the response is incomplete.", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("server's log", record.Advice, StringComparison.Ordinal);
        Assert.Equal(Cause.Undetermined, Assert.Single(record.Alternatives).Cause);

        ConnectionClose head = Run(segments, "HEAD");
        Assert.Contains("in the middle of its head", head.Explanation, StringComparison.Ordinal);

        ConnectionClose left = PacketScript.One($"{Request("GET")}{Answer(segments)}C:FIN\nS:FIN\nC:ACK");
        Assert.Contains("was not complete when the client closed: the end of its head was not sent.", left.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\n\nhello")]
    [InlineData("HTTP/1.0 200 OK\nX: y\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: y\r\n", "\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 is a protocol")]
    public void A_head_with_its_empty_line_is_not(params string[] segments) =>
        Assert.Equal((Cause.NormalClose, Confidence.High), (Run(segments).Cause, Run(segments).Confidence));

    [Fact]
    public void A_head_whose_rest_was_not_captured_is_not_called_incomplete() =>
        Assert.DoesNotContain("in the middle of its head", PacketScript.One($"{Request("GET")}{Answer(["HTTP/1.1 200 OK\r\n"])}S:DATA(500) lost=1\nC:ACK\n{ServerCloses}").Explanation, StringComparison.Ordinal);

    private static ConnectionClose Run(string[] segments, string method = "GET") => PacketScript.One(Request(method) + Answer(segments) + ServerCloses);

    private static string Request(string method) => $"C:SYN\nS:SYN-ACK\nC:ACK\n{Text('C', $"{method} / HTTP/1.1\r\nHost: a.example\r\n\r\n")}\n";

    private static string Answer(string[] segments) => string.Concat(segments.Select(text => Text('S', text) + "\nC:ACK\n"));

    private static string Text(char side, string text) => $"{side}:DATA hex={Convert.ToHexString(Encoding.ASCII.GetBytes(text))}";
}
