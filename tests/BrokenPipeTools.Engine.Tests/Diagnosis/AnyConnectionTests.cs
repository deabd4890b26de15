using System.Globalization;
using System.Text;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>
/// There is a diagnosis for any connection, even if the bounded log leaves out most of it: segments at random, with far more notable ones than in any
/// real connection.
/// </summary>
public sealed class AnyConnectionTests
{
    private const int Connections = 3000;

    private static readonly string[] Words = ["SYN", "SYN-ACK", "ACK", "DATA(5)", "DATA(5)", "DATA(1400)", "FIN", "RST", "RST-ACK", "KEEPALIVE"];
    private static readonly string[] Keys = ["", "", "", " seq=0", " seq=1", " seq=6", " seq=500", " ack=1", " ack=2", " ack=6", " win=0", " ttl=40", " id=9"];

    [Fact]
    public void Any_connection_has_a_diagnosis_that_can_be_read()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        StringBuilder script = new();
        for (int number = 0; number < Connections; number++)
        {
            // Only a few different words, so that some of them are repeated.
            string[] words = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => $"{"CS"[random.Next(2)]}:{Words[random.Next(Words.Length)]}{Keys[random.Next(Keys.Length)]}")];
            if (random.Next(2) == 0)
                script.Append(CultureInfo.InvariantCulture, $"C:SYN conn={number}\nS:SYN-ACK conn={number}\nC:ACK conn={number}\nC:DATA(5) conn={number}\nS:DATA(7) conn={number}\n");
            for (int segment = random.Next(1, 90); segment > 0; segment--)
                script.Append(CultureInfo.InvariantCulture, $"+{(random.Next(4) == 0 ? random.NextDouble() * 3 : 0.01):0.000} {words[random.Next(words.Length)]} conn={number}\n");
        }

        foreach (ConnectionClose record in PacketScript.Run(script.ToString()))
        {
            Exception? fault = Record.Exception(() => Read(record));
            Assert.True(fault is null, $"seed {seed}, {record}: {record.Sequence}: {fault}");
        }
    }

    /// <summary>The bounded log has left out the RST that ended the connection, so it is only known that there was one.</summary>
    [Theory]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\n", "C:RST-ACK\n")]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\n+0.2 C:KEEPALIVE\n", "C:RST\n")]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(9000)\nS:DATA(7)\n", "S:RST-ACK\n")]
    public void A_RST_that_the_log_left_out_has_a_diagnosis(string before, string reset)
    {
        string script = before + string.Concat(Enumerable.Repeat("+0.03 S:ACK win=0\n+0.03 S:ACK\n", 25)) + reset + string.Concat(Enumerable.Repeat(reset[0] == 'C' ? "S:DATA(1)\nS:ACK\n" : "C:DATA(1)\nC:ACK\n", 20));

        ConnectionClose record = PacketScript.One(script);

        Read(record);
        Assert.Equal(BrokenPipeTools.Closing.CloseState.Reset, record.State);
        Assert.Equal((Cause.Undetermined, Confidence.Low), (record.Cause, record.Confidence));
    }

    private static void Read(ConnectionClose record)
    {
        Assert.NotEmpty(record.Explanation);
        Assert.True(Enum.IsDefined(record.Cause) && Enum.IsDefined(record.Confidence));
        Assert.All(record.Evidence, e => Assert.InRange(e.Frame, record.FirstFrame, record.LastFrame));
        Assert.All(record.Alternatives, a => Assert.NotEqual(record.Cause, a.Cause));
        Assert.All(record.Errors, e => Assert.Equal((3, 3), (e.Reads.Count, e.Writes.Count)));
        Assert.NotNull(record.ClientRead + record.ClientWrite + record.ServerRead + record.ServerWrite + record.BrokenPipe);
        Assert.NotNull(record.Events);
    }
}
