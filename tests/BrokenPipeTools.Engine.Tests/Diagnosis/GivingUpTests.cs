using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A RST that ends a wait: the wait is the cause.</summary>
public sealed class GivingUpTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:DATA(7)\nC:ACK\n";

    private const string Lost = "+0.1 S:DATA(1448) seq=8 df=1\n+0.2 S:DATA(1448) seq=8 df=1\n+0.4 S:DATA(1448) seq=8 df=1\n+0.8 S:DATA(1448) seq=8 df=1\n+1.6 S:DATA(1448) seq=8 df=1\n";

    /// <summary>Stacks other than Linux send a RST when they give up.</summary>
    [Theory]
    [InlineData("+0.1 S:DATA(1448) seq=8 df=1\nS:ICMP mtu=1300 seq=8\n" + Lost + "+3.2 S:RST-ACK seq=1456", Confidence.High)]
    [InlineData(Lost + "+3.2 S:RST-ACK seq=1456", Confidence.Medium)] // all that arrived is smaller
    public void Full_sized_segments_that_are_lost_until_the_sender_gives_up_are_an_MTU_hole(string end, Confidence confidence)
    {
        ConnectionClose record = PacketScript.One(Answered + end);

        Assert.Equal((CloseState.Reset, "ETIMEDOUT", "ECONNRESET"), (record.State, record.ServerRead, record.ClientRead));
        Assert.Equal(confidence == Confidence.High ? Cause.PathMtuBlackHole : Cause.SilentDrop, record.Cause);
        Assert.Equal(confidence, record.Confidence);
        Assert.Contains(Cause.PathMtuBlackHole, record.Alternatives.Select(a => a.Cause).Append(record.Cause));
    }

    /// <summary>Late payload does not hide the timer: the RST comes when the next probe was due.</summary>
    [Theory]
    [InlineData("+70 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:RST-ACK", Cause.KeepAliveTimeout, Confidence.High)]
    [InlineData("+70 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:KEEPALIVE\n+4 S:DATA(30)\n+6 C:RST-ACK", Cause.KeepAliveTimeout, Confidence.Medium)]
    [InlineData("+70 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:KEEPALIVE\n+4 S:DATA(30)\n+0.3 S:DATA(30) seq=8\n+5.7 C:RST-ACK", Cause.KeepAliveTimeout, Confidence.Medium)]
    [InlineData("+70 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:KEEPALIVE\n+4 S:DATA(30)\n+3 C:RST-ACK", Cause.IdleTimeout, Confidence.Low)] // no timer fires then
    [InlineData("+70 C:KEEPALIVE\n+10 C:KEEPALIVE\n+10 C:KEEPALIVE\n+0.03 S:DATA(30)\n+9.97 C:RST-ACK", Cause.IdleTimeout, Confidence.Low)] // it answers the probe
    public void Keepalive_ends_a_connection_one_interval_after_the_last_probe(string end, Cause cause, Confidence confidence)
    {
        ConnectionClose record = PacketScript.One(Answered + end);

        Assert.Equal(cause == Cause.KeepAliveTimeout, record.Cause == Cause.KeepAliveTimeout);
        Assert.Equal(cause == Cause.KeepAliveTimeout ? "ETIMEDOUT" : "ECONNABORTED", record.ClientRead);
        if (cause == Cause.KeepAliveTimeout)
            Assert.Equal(confidence, record.Confidence);
    }

    /// <summary>A window that stays shut for long is the reason, whichever side loses its patience.</summary>
    [Theory]
    [InlineData("C", Cause.ZeroWindowStall)]
    [InlineData("S", Cause.UnreadDataDiscarded)]
    public void A_window_that_was_shut_for_long_is_the_reason_of_the_reset(string resetSender, Cause cause)
    {
        ConnectionClose record = PacketScript.One(Answered + $"C:DATA(500)\nS:ACK win=0\n+1 C:KEEPALIVE\nS:ACK win=0\n+9 C:KEEPALIVE\nS:ACK win=0\n+20 C:KEEPALIVE\nS:ACK win=0\n+30 {resetSender}:RST-ACK");

        Assert.Equal((CloseState.Reset, cause), (record.State, record.Cause));
        Assert.Contains("zero", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("(frame 9)", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A RST in the waiting side's name that is not its own ends nothing of its waiting: cause and next call rest on the same.</summary>
    [Fact]
    public void A_forged_reset_beside_a_shut_window_is_no_lost_patience()
    {
        ConnectionClose record = PacketScript.One(Answered + "C:DATA(500)\nS:ACK win=0\n+10 C:KEEPALIVE\nS:ACK win=0\n+20 C:RST-ACK ttl=40");

        Assert.Equal((Cause.MiddleboxReset, "blocks"), (record.Cause, record.ClientRead));
    }

    /// <summary>Stacks other than Linux set ACK in every reset: after a FIN, one that answers new payload comes from no socket.</summary>
    [Theory]
    [InlineData("+4 C:DATA(9)\n+0.02 S:RST-ACK", Cause.WriteAfterPeerClose, "ECONNRESET")]
    [InlineData("+2 S:RST-ACK", Cause.AbortiveClose, "ECONNABORTED")] // nothing came in between: the program aborted what it had half closed
    public void A_reset_that_answers_payload_after_the_FIN_aborts_no_socket(string end, Cause cause, string serverRead)
    {
        ConnectionClose record = PacketScript.One(Answered + "+1 S:FIN\nC:ACK\n" + end);

        Assert.Equal(serverRead, record.ServerRead);
        Assert.Equal(cause == Cause.WriteAfterPeerClose, record.Cause == Cause.WriteAfterPeerClose);
    }

    /// <summary>A FIN that its receiver drops, and after which its sender continues, closes nothing.</summary>
    [Theory]
    [InlineData("S:FIN seq=8 ack=1006\nC:ACK seq=6 ack=8\nC:DATA(50) seq=6 ack=8\nS:ACK seq=8 ack=56", CloseState.Open, 0)] // it acknowledges what the client sends only later
    [InlineData("S:FIN seq=900008 ack=6\nC:ACK seq=6 ack=8\nC:DATA(50) seq=6 ack=8\nS:ACK seq=8 ack=56", CloseState.Open, 0)] // the server still has a lower number
    [InlineData("S:FIN seq=8 ack=6\nC:ACK seq=6 ack=9\nC:DATA(50) seq=6 ack=9\nS:ACK seq=9 ack=56", CloseState.HalfClosed, 0)]
    [InlineData("S:FIN seq=8 ack=56\nC:ACK seq=56 ack=9", CloseState.HalfClosed, 0)] // the capture lacks what it acknowledges
    [InlineData("S:FIN seq=48 ack=6\nS:DATA(40) seq=8 ack=6\nC:ACK seq=6 ack=49", CloseState.HalfClosed, 0)] // it came too early
    public void A_FIN_that_was_dropped_closes_nothing(string end, CloseState state, long unacked)
    {
        ConnectionClose record = PacketScript.One(Answered + end);

        Assert.Equal((state, unacked), (record.State, record.ServerUnacked));
        Assert.Equal(state == CloseState.Open, record.ServerFinFrame is null);
        Assert.Equal(state == CloseState.Open, record.Explanation.Contains("A FIN with the server's address (frame 8) was not sent by that host", StringComparison.Ordinal));
        Assert.Equal(state == CloseState.Open ? "blocks" : "EOF", record.ClientRead);
    }
}
