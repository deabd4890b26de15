using System.Globalization;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A server that closes before it has sent all of the body that its response announces has not answered, whatever the packets of the close are.</summary>
public sealed class IncompleteResponseTests
{
    private const string ServerCloses = "S:FIN\nC:ACK\nC:FIN\nS:ACK";

    [Theory]
    [InlineData("Content-Length: 1000", "S:DATA(400)", 1000, 600)]
    [InlineData("content-length: 1000", "S:DATA(400)\nC:ACK\nS:DATA(599)", 1000, 1)]
    [InlineData("Content-Length:2000000000\r\nConnection: close", "S:DATA(1)", 2_000_000_000, 1_999_999_999)]
    public void A_close_in_the_middle_of_a_body_is_explained_and_is_not_certainly_normal(string field, string body, long announced, long unsent)
    {
        ConnectionClose record = Record(field, body, ServerCloses);
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"HTTP response (frame 5) announces a body of {announced} bytes, and the server closed before the last {unsent} of them: the response is incomplete."),
            record.Explanation,
            StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was lost", record.Explanation, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("Find out in the server's log", record.Advice, StringComparison.Ordinal);
        Assert.Single(record.Alternatives, a => a.Cause == Cause.Undetermined);
    }

    [Theory]
    [InlineData("Content-Length: 1000", "S:DATA(1000)", ServerCloses)] // complete
    [InlineData("Content-Length: 1000", "C:ACK", ServerCloses)] // the answer to HEAD has no body
    [InlineData("Content-Length: 1000\r\nTransfer-Encoding: gzip", "S:DATA(400)", ServerCloses)] // RFC 9112, section 6.3: the length does not count
    [InlineData("Content-Length: 1e3", "S:DATA(400)", ServerCloses)]
    [InlineData("Content-Length: 99999999999", "S:DATA(400)", ServerCloses)]
    [InlineData("Content-Length: 0", "S:DATA(400)", ServerCloses)]
    [InlineData("X-Content-Length: 1000", "S:DATA(400)", ServerCloses)]
    [InlineData("Server: x", "S:DATA(400)", ServerCloses)] // the close ends the body
    [InlineData("Content-Length: 1000", "S:DATA(400)", "C:FIN\nS:ACK\nS:FIN\nC:ACK")] // the client did not want the rest
    public void A_body_that_is_complete_or_of_unknown_length_is_not_incomplete(string field, string body, string end)
    {
        ConnectionClose record = Record(field, body, end);
        Assert.DoesNotContain("incomplete", record.Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.NormalClose, record.Cause);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", "200 OK", true)]
    [InlineData("HEAD / HTTP/1.1", "200 OK", false)] // its answer has no body
    [InlineData("GET / HTTP/1.1", "304 Not Modified", false)]
    [InlineData("UNKNOWN", "200 OK", false)] // it may be the rest of a HEAD request
    public void A_head_alone_is_incomplete_if_the_request_asks_for_a_body(string request, string status, bool isIncomplete)
    {
        string script = $"C:SYN\nS:SYN-ACK\nC:ACK\n{Text('C', $"{request}\r\nHost: a.example\r\n\r\n")}\n{Text('S', $"HTTP/1.1 {status}\r\nContent-Length: 1000\r\n\r\n")}\nC:ACK\n{ServerCloses}";
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(isIncomplete, record.Explanation.Contains("closed before the last 1000 of them", StringComparison.Ordinal));
        Assert.Equal(isIncomplete ? Confidence.Medium : Confidence.High, record.Confidence);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n", true)]
    [InlineData("5\r\nhel", true)]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", false)]
    [InlineData("0\r\nX-Checksum: 1\r\n\r\n", false)] // a trailer
    [InlineData("0\r\n\r", true)]
    public void A_chunked_body_without_its_last_chunk_is_incomplete(string body, bool isIncomplete)
    {
        ConnectionClose record = Record("Transfer-Encoding: chunked", Text('S', body), ServerCloses);
        const string Sentence = "The server's HTTP response (frame 5) is chunked, and the server closed before the last chunk: the response is incomplete.";
        Assert.Equal(isIncomplete, record.Explanation.Contains(Sentence, StringComparison.Ordinal));
        Assert.Equal(isIncomplete ? Confidence.Medium : Confidence.High, record.Confidence);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r", "\n\r\n")] // the last payload is shorter than the end mark
    [InlineData("5\r\nhello\r\n", "0\r\n\r\n")]
    public void The_last_chunk_may_come_in_several_segments(string first, string second) =>
        Assert.Equal(Confidence.High, Record("Transfer-Encoding: gzip, chunked", $"{Text('S', first)}\n{Text('S', second)}", ServerCloses).Confidence);

    [Fact]
    public void The_end_of_a_chunked_body_that_was_not_captured_is_not_missing()
    {
        Assert.Equal(Confidence.High, Record("Transfer-Encoding: chunked", $"{Text('S', "5\r\nhello\r\n")}\n{Text('S', "0\r\n\r\n")} lost=1", ServerCloses).Confidence);
        Assert.DoesNotContain("incomplete", Record("Transfer-Encoding: chunked", "S:DATA(400)", "C:FIN\nS:ACK\nS:FIN\nC:ACK").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_last_response_counts()
    {
        Assert.Contains("the last 100 of them", Record("Content-Length: 1000", $"S:DATA(1000)\nC:DATA(50)\n{Response("Content-Length: 200")}\nS:DATA(100)", ServerCloses).Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("incomplete", Record("Content-Length: 1000", $"S:DATA(1000)\nC:DATA(50)\n{Response("Server: x")}\nS:DATA(100)", ServerCloses).Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void The_frame_is_that_of_the_head_also_if_the_body_looks_like_another_message() =>
        Assert.Contains("HTTP response (frame 5)", Record("Content-Length: 1000", $"{Text('S', "421 4.3.2 closing\r\n")}\nC:ACK", ServerCloses).Explanation, StringComparison.Ordinal);

    /// <summary>The length is that of the sequence numbers, so a segment that the capture missed is not missing in the response.</summary>
    [Fact]
    public void Body_bytes_that_only_the_capture_lacks_are_not_unsent() =>
        Assert.DoesNotContain("incomplete", Record("Content-Length: 1000", "S:DATA(300)\nS:DATA(400) lost=1\nS:DATA(300)", ServerCloses).Explanation, StringComparison.Ordinal);

    private static ConnectionClose Record(string field, string body, string end) =>
        PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\n{Response(field)}\n{body}\nC:ACK\n{end}");

    private static string Response(string field) => Text('S', $"HTTP/1.1 200 OK\r\n{field}\r\n\r\n");

    private static string Text(char side, string text) => $"{side}:DATA hex={Convert.ToHexString(Encoding.ASCII.GetBytes(text))}";
}
