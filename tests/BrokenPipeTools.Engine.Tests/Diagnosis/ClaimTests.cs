using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A text contains only conclusions that the frames of its connection prove.</summary>
public sealed class ClaimTests
{
    private const string Handshake = "C:SYN\nS:SYN-ACK\nC:ACK\n";
    private const string Request = Handshake + "C:DATA(5)\nS:ACK\n";
    private const string Answered = Handshake + "C:DATA(5)\nS:DATA(7)\nC:ACK\n";

    [Theory]
    [InlineData("", false)]
    [InlineData("+5 C:KEEPALIVE\nS:ACK win=0\n", true)]
    public void A_probe_of_a_shut_window_is_mentioned_if_there_is_one(string probes, bool isThere)
    {
        ConnectionClose record = PacketScript.One($"{Handshake}C:DATA(500)\nS:ACK win=0\n{probes}+60 S:ACK win=0");
        Assert.Equal(Cause.ZeroWindowStall, record.Cause);
        Assert.Equal(isThere, record.Explanation.Contains("probe", StringComparison.Ordinal));
        Assert.Equal(isThere, record.Explanation.Contains("(from frame 6)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Answered + "S:RST-ACK", "with all payload acknowledged")]
    [InlineData("C:DATA(400) seq=6 ack=8\nS:RST-ACK seq=8 ack=406", "400 bytes of the client were not acknowledged")] // begins in the middle
    [InlineData("S:DATA(7) seq=1 ack=6\nS:RST-ACK seq=8 ack=6", "the client's packets were not captured")]
    public void A_reset_leaves_nothing_unanswered_only_if_both_sides_show_it(string script, string claim)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(Cause.AbortiveClose, record.Cause);
        Assert.Contains(claim, record.Explanation, StringComparison.Ordinal);
        Assert.Equal(claim == "with all payload acknowledged", record.Explanation.Contains("all payload acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_RST_may_answer_a_SYN_that_was_not_captured()
    {
        ConnectionClose record = PacketScript.One("S:RST-ACK seq=0 ack=1 win=0");
        Assert.DoesNotContain(record.Evidence, e => e.Shows.Contains("live socket", StringComparison.Ordinal));
        Assert.True(record.State == CloseState.Refused || record.Alternatives.Any(a => a.Cause == Cause.ConnectionRefused), record.ToString());
    }

    [Theory]
    [InlineData("S:DATA(7) seq=1 ack=6\nS:FIN", "the client")] // only the server was captured
    [InlineData("C:DATA(5) seq=1 ack=1\nC:FIN\n+60 C:FIN seq=6", "the server")]
    public void Nothing_is_claimed_of_a_side_that_was_not_captured(string script, string unseen)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(Cause.HalfClose, record.Cause);
        Assert.Contains($"the packets of {unseen} were not captured", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("has not closed", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("CLOSE_WAIT", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Retransmissions_whose_answers_were_not_captured_do_not_wait_for_one()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nC:ACK\nC:DATA(100)\n+0.2 C:DATA(100) seq=1\n+0.4 C:DATA(100) seq=1");
        Assert.Contains(CaptureQuality.OneSided, Enum.GetValues<CaptureQuality>().Where(q => q != 0 && record.CaptureQuality.HasFlag(q)));
        Assert.DoesNotContain(record.Alternatives, a => a.Why.Contains("not answered", StringComparison.Ordinal));
        Assert.Contains(record.Alternatives, a => a.Why.Contains("were not captured", StringComparison.Ordinal));
        Assert.Contains("The packets of the server were not captured: it may have closed.", record.Explanation, StringComparison.Ordinal);
        Assert.NotEqual(Confidence.High, PacketScript.One("C:SYN\nC:ACK\nC:DATA(100)\nC:ACK ack=50").Confidence);
    }

    [Theory]
    [InlineData(Answered + "+60 C:DATA(150)\n+0.02 S:RST-ACK", "The client's last 150 bytes (frame 7) came 20 ms before the RST and are lost.")]
    [InlineData(Answered + "+75 C:DATA(39)\n+0.01 S:RST-ACK ack=6", "The client's last 39 bytes (frame 7) came 10 ms before the RST and are lost.")] // it crossed the RST
    [InlineData(Answered + "+60 S:RST-ACK", null)]
    public void A_request_that_met_the_RST_of_an_idle_time_out_is_named(string script, string? loss)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(Cause.IdleTimeout, record.Cause);
        Assert.Equal(loss is not null, record.Explanation.Contains("lost", StringComparison.Ordinal));
        Assert.Contains(loss ?? "", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Answered + "S:FIN", "had not closed when the capture ended")] // the FIN is the last frame
    [InlineData(Answered + "S:FIN\n+3 C:ACK", "has not closed in the 3 s until the end of the capture")]
    public void A_time_of_zero_is_not_put_into_a_sentence(string script, string claim)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Contains(claim, record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C:SYN\nS:SYN-ACK flags=SRA\nC:RST seq=1")] // the host sent nothing but RSTs
    [InlineData(Handshake + "C:DATA(5)\nS:ACK\nC:DATA(9)\nS:RST ttl=0")]
    [InlineData("C:SYN ttl=0\nS:SYN-ACK ttl=0\nC:ACK ttl=0\nC:DATA(5)\nS:ACK ttl=0\nC:DATA(9)\nS:RST ttl=57")]
    public void A_TTL_that_is_not_known_is_not_compared(string script)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.DoesNotContain("TTL", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("window is that of", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(record.Alternatives, a => a.Why.Contains("TTL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Answered + "+10 S:RST-ACK win=0", Cause.IdleTimeout)]
    [InlineData(Answered + "+45 C:KEEPALIVE\n+0.02 S:RST-ACK win=0", Cause.IdleTimeout)]
    [InlineData(Request + "S:RST-ACK win=0", Cause.UnreadDataDiscarded)]
    [InlineData(Answered + "S:RST-ACK win=0", Cause.AbortiveClose)]
    public void A_reset_with_window_0_may_answer_for_a_socket_that_is_gone(string script, Cause cause)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(cause, record.Cause);
        Assert.Contains(record.Alternatives, a => a.Cause == Cause.PeerStateLost && a.Why.Contains("window 0", StringComparison.Ordinal));
        Assert.DoesNotContain(PacketScript.One(script.Replace("win=0", "win=500", StringComparison.Ordinal)).Alternatives, a => a.Cause == Cause.PeerStateLost);
    }

    [Theory]
    [InlineData(Answered + "S:FIN\nC:ACK\nS:RST-ACK")]
    [InlineData(Request + "S:FIN\nC:ACK\nC:DATA(50)\nS:ACK\nS:RST-ACK")]
    [InlineData(Handshake + "C:DATA(5)\nS:DATA(7)\nC:ACK\nC:FIN\nS:ACK\nS:RST-ACK")]
    [InlineData(Handshake + "C:DATA(20000)\nS:DATA(300)\nS:FIN\nC:DATA(20000)\nS:ACK\nS:RST-ACK")]
    public void A_FIN_before_the_RST_is_named_with_its_frame(string script)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(CloseState.Reset, record.State);
        Assert.Contains($"FIN, frame {record.ClientFinFrame ?? record.ServerFinFrame})", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_close_long_after_the_other_sides_has_advice()
    {
        ConnectionClose record = PacketScript.One(Answered + "C:FIN\nS:ACK\n+597 S:FIN\nC:ACK");
        Assert.Equal(Cause.NormalClose, record.Cause);
        Assert.Contains("CLOSE_WAIT", record.Advice, StringComparison.Ordinal);
        Assert.Empty(PacketScript.One(Answered + "C:FIN\nS:ACK\n+1 S:FIN\nC:ACK").Advice);
    }

    [Theory]
    [InlineData("S:FIN\nC:DATA(1400)\nC:FIN\nS:ACK", false)] // the answer arrived, and the server read on
    [InlineData("S:RST-ACK", true)]
    public void A_server_that_has_closed_without_a_RST_need_not_linger(string end, bool lingers)
    {
        string answer = Convert.ToHexString("HTTP/1.1 400 x\r\nConnection: close\r\n\r\n"u8);
        ConnectionClose record = PacketScript.One($"{Handshake}C:DATA(1400)\nC:DATA(1400)\nC:DATA(1400)\nS:DATA hex={answer}\n{end}");
        Assert.Equal(Cause.EarlyResponse, record.Cause);
        Assert.Equal(lingers, record.Advice.Contains("linger", StringComparison.Ordinal));
    }
}
