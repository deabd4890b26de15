using System.Globalization;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A server that closes before it has sent all of the body that its response announces has not answered, whatever the packets of the close are.</summary>
public sealed class IncompleteResponseTests
{
    private const string ClientCloses = "C:FIN\nS:ACK\nS:FIN\nC:ACK";
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
        Assert.DoesNotContain("incomplete", Record("Transfer-Encoding: chunked", $"{Text('S', "5\r\nhello\r\n")}\n{Text('S', "0\r\n\r\n")} lost=1", ServerCloses).Explanation, StringComparison.Ordinal);
        Assert.Equal(Confidence.High, Record("Transfer-Encoding: chunked", $"{Text('S', "5\r\nhello\r\n0\r\n\r\n")}\nC:DATA(50)\nS:DATA(400) lost=1\nS:DATA(50)", ServerCloses).Confidence);
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

    /// <summary>A client that closes in the middle of a response has given up, or the user has: nothing more is known.</summary>
    [Theory]
    [InlineData("Content-Length: 1000", "400", "600 of the 1000 bytes of its body were not sent")]
    [InlineData("Transfer-Encoding: chunked", "400", "its last chunk was not sent")]
    public void A_client_that_closes_in_the_middle_of_a_response_is_named(string field, string sent, string missing)
    {
        ConnectionClose record = Record(field, $"S:DATA({sent})", ClientCloses);
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains($"HTTP response (frame 5) was not complete when the client closed: {missing}.", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was lost", record.Explanation, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("Find out why the client did not wait", record.Advice, StringComparison.Ordinal);
        Assert.Equal("the client may have given up, or been stopped, in the middle of the response", Assert.Single(record.Alternatives, a => a.Cause == Cause.Undetermined).Why);
        Assert.Equal(Confidence.High, Record("Content-Length: 1000", "S:DATA(1000)", ClientCloses).Confidence);
    }

    /// <summary>The client finished sending only; the server went on, and is the side that stopped in the middle.</summary>
    [Fact]
    public void A_server_that_ends_the_response_to_a_half_closed_client_early_is_named()
    {
        ConnectionClose record = Record("Content-Length: 1000", "S:DATA(100)", "C:FIN\nS:ACK\nS:DATA(300)\nC:ACK\nS:FIN\nC:ACK");
        Assert.Equal((Cause.HalfClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains("the server closed before the last 600 of them", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing was lost", record.Explanation, StringComparison.Ordinal);
        Assert.Single(record.Alternatives, a => a.Cause == Cause.Undetermined);
    }

    [Theory]
    [InlineData("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n", "200 Connection established")] // RFC 9112, section 6.3
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "204 No Content")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "100 Continue")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK")] // which request it answers is not known
    public void A_response_without_a_body_is_not_incomplete_whatever_length_it_states(string request, string status)
    {
        ConnectionClose record = PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{Text('C', request)}\n{Text('S', $"HTTP/1.1 {status}\r\nContent-Length: 1000\r\n\r\n")}\nS:DATA(10)\nC:ACK\n{ServerCloses}");
        Assert.DoesNotContain("incomplete", record.Explanation, StringComparison.Ordinal);
        Assert.Equal(Confidence.High, record.Confidence);
    }

    [Fact]
    public void A_response_to_one_of_several_requests_in_segments_of_their_own_is_not_incomplete()
    {
        string request = Text('C', "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        string head = Text('C', "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        string answer = Text('S', "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal(Confidence.High, PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{head}\n{request}\n{Response("Content-Length: 1000")}\nC:ACK\n{ServerCloses}").Confidence);
        Assert.Equal(Confidence.High, PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{request}\n{answer}\nC:ACK\n{Response("Content-Length: 1000")}\nC:ACK\n{ServerCloses}").Confidence); // the second request was not captured: it may be HEAD
        Assert.Equal(Confidence.Medium, PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{head}\n{Response("Content-Length: 1000")}\nC:ACK\n{request}\n{Response("Content-Length: 1000")}\nC:ACK\n{ServerCloses}").Confidence);
    }

    /// <summary>A message may follow the last chunk in the same segment, or in the next one without a head that is recognized.</summary>
    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "another message")]
    public void A_message_after_the_last_chunk_is_not_part_of_the_body(string first, string second) =>
        Assert.Equal(Confidence.High, PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\n{Text('S', $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{first}")}\n{(second.Length == 0 ? "" : Text('S', second))}\nC:ACK\n{ServerCloses}").Confidence);

    /// <summary>An event of a stream ends with an empty line, and is not the last chunk.</summary>
    [Fact]
    public void A_chunk_that_ends_with_an_empty_line_is_not_the_last_one() =>
        Assert.Equal(Confidence.Medium, Record("Transfer-Encoding: chunked", Text('S', "b\r\ndata: 1\r\n\r\n\r\n"), ServerCloses).Confidence);

    [Fact]
    public void A_head_inside_a_body_does_not_begin_another_response() =>
        Assert.Contains("the last 867 of them", Record("Content-Length: 1000", $"S:DATA(100)\n{Text('S', "HTTP/1.1 502 Bad\r\nConnection: x\r\n")}\nC:ACK", ServerCloses).Explanation, StringComparison.Ordinal);

    [Fact]
    public void A_head_inside_a_chunk_is_not_the_end_of_the_response() =>
        Assert.Contains("closed before the last chunk", Record("Transfer-Encoding: chunked", $"{Text('S', "40\r\nhello")}\n{Text('S', "HTTP/1.1 502 Bad\r\nConnection: x\r\n")}\nC:ACK", ServerCloses).Explanation, StringComparison.Ordinal);

    /// <summary>The length is that of the sequence numbers, so a segment that the capture missed is not missing in the response.</summary>
    [Fact]
    public void Body_bytes_that_only_the_capture_lacks_are_not_unsent() =>
        Assert.DoesNotContain("incomplete", Record("Content-Length: 1000", "S:DATA(300)\nS:DATA(400) lost=1\nS:DATA(300)", ServerCloses).Explanation, StringComparison.Ordinal);

    private static ConnectionClose Record(string field, string body, string end) =>
        PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\n{Response(field)}\n{body}\nC:ACK\n{end}");

    private static string Response(string field) => Text('S', $"HTTP/1.1 200 OK\r\n{field}\r\n\r\n");

    private static string Text(char side, string text) => $"{side}:DATA hex={Convert.ToHexString(Encoding.ASCII.GetBytes(text))}";
}
