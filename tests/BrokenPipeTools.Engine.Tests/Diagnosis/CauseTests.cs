using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Published cases, and the list of causes. Every cause as a packet script is in <c>tests/cases</c>.</summary>
public sealed class CauseTests
{
    /// <summary>
    /// The classic question (a server that accepts, reads and closes; a client that sends 5 bytes, sleeps a second, sends twice 5), with
    /// the numbers of its trace: port 2222, the late data 6:11 acknowledging 2, the RST's sequence number 2, no ACK flag, window 0.
    /// </summary>
    [Fact]
    public void The_client_that_sends_twice_after_the_close_gets_its_broken_pipe_explained()
    {
        ConnectionClose record = PacketScript.One("""
            C:SYN
            S:SYN-ACK
            C:ACK seq=1 ack=1
            C:DATA(5) seq=1 ack=1
            S:ACK seq=1 ack=6
            S:FIN seq=1 ack=6
            C:ACK seq=6 ack=2
            +1 C:DATA(5) seq=6 ack=2
            S:RST seq=2 win=0
            """);
        Assert.Equal((Cause.WriteAfterPeerClose, "EOF", "EPIPE", BrokenPipe.Client), (record.Cause, record.ClientRead, record.ClientWrite, record.BrokenPipe));
        Assert.Equal("S:FIN C:ACK C:DATA(5) S:RST", record.Sequence);
        Assert.Equal([6L, 8L, 9L], record.Evidence.Select(e => e.Frame));
        Assert.Contains("frame 6", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("1 s later (frame 8)", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("frame 9", record.Explanation, StringComparison.Ordinal);
        Assert.Equal(["EPIPE", "EPIPE", "EPIPE"], record.Errors.Single(e => e is { Side: "Client", Platform: "Linux" }).Writes);
    }

    /// <summary>
    /// The published worked case (noahdavids.org, "Firewall reset trace"): a keepalive after two hours, answered with a RST whose TTL
    /// is 0x1c in place of 0x3a in the server's packets, and whose IP ID and window are the probe's.
    /// </summary>
    [Theory]
    [InlineData("RST")]
    [InlineData("RST-ACK")]
    public void A_firewall_that_answers_a_two_hour_keepalive_is_found(string reset)
    {
        ConnectionClose record = PacketScript.One($"""
            C:SYN
            S:SYN-ACK ttl=58
            C:ACK
            C:DATA(100)
            S:DATA(200) ttl=58
            C:ACK
            +7200 C:KEEPALIVE id=4660 win=32850
            S:{reset} ttl=28 id=4660 win=32850
            """);
        Assert.Equal((Cause.StateExpired, Confidence.High), (record.Cause, record.Confidence));
        Assert.Equal(Cause.MiddleboxReset, record.Alternatives[0].Cause);
        Assert.Contains(record.Evidence, e => e.Shows.Contains("TTL is 28", StringComparison.Ordinal) && e.Shows.Contains("58", StringComparison.Ordinal));
        Assert.Contains(record.Evidence, e => e.Shows.Contains("IP ID", StringComparison.Ordinal));
        Assert.Contains(record.Evidence, e => e.Shows.Contains("window", StringComparison.Ordinal));
        Assert.All(record.Evidence, e => Assert.InRange(e.Frame, 7, 8));
    }

    [Fact]
    public void Every_cause_is_a_rule()
    {
        Assert.Equal(Enum.GetValues<Cause>().Order(), CauseCatalog.All.Select(r => r.Cause).Order());
        Assert.All(CauseCatalog.All, r => Assert.EndsWith(".", r.Summary, StringComparison.Ordinal));
        Assert.Equal(CauseCatalog.All.Count, CauseCatalog.All.Select(r => r.Summary).Distinct().Count());
    }
}
