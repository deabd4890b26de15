using System.Text;
using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Where an HTTP answer ends, in one piece and byte by byte (RFC 9112, section 6.3).</summary>
public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, true, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 200, false, false)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", 200, true, false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, true, false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", 304, true, false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 413, true, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, true, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n", 200, true, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", 200, false, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, true, true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, true, false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, false, true)]
    [InlineData("+PONG\r\n", 0, true, false)]
    public void The_end_of_an_answer_is_found(string text, int status, bool complete, bool announced)
    {
        foreach (int piece in new[] { text.Length, 1, 7 })
        {
            AnswerReader reader = new();
            foreach (byte[] bytes in Encoding.ASCII.GetBytes(text).Chunk(piece))
                reader.Feed(bytes);
            Assert.Equal((status, complete, announced), (reader.Status, reader.IsComplete, reader.Announced));
        }
    }
}
