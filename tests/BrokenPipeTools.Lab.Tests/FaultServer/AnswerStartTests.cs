using System.Text;
using BrokenPipeTools.FaultServer.Serving;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Finds the bytes of an upstream server that are its answer, in however many reads they come.</summary>
public sealed class AnswerStartTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", false)]
    [InlineData("HTTP/1.1 100 Continue\n\n", false)]
    [InlineData("HTTP/1.0 102 \r\nA: b\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n", false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 2", true)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", true)]
    [InlineData("HTTP/1.1 111 Unknown\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", true)]
    [InlineData("HTTP/2.1 100", true)]
    [InlineData("H", true)]
    [InlineData("+PONG\r\n", true)]
    [InlineData("\0", true)]
    public void Interim_responses_are_not_the_answer(string bytes, bool begun)
    {
        byte[] all = Encoding.ASCII.GetBytes(bytes);
        for (int size = 1; size <= all.Length + 1; size++)
        {
            AnswerStart answer = new();
            Assert.True(answer.HasBegun);
            answer.Await();
            foreach (byte[] part in all.Chunk(size))
                answer.Add(part);
            Assert.Equal(begun, answer.HasBegun);
        }
    }
}
