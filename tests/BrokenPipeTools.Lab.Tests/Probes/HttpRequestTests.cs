using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Tests.Probes;

public sealed class HttpRequestTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("PING\r\n", false)]
    [InlineData("GET / HTTP/1.1\r\nHo", false)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", false)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", true)]
    public void Bytes_after_the_head_are_a_body(string request, bool expected) => Assert.Equal(expected, HttpRequest.HasBody(ProbedServer.Bytes(request).Span));
}
