using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>A RST is reported as forged only if its own host cannot have sent it.</summary>
public sealed class ForgeryProofTests
{
    private const string Slow = "C:SYN\n+1 C:SYN seq=0\n+0.02 S:SYN-ACK ttl=57\nC:ACK\nC:DATA(5)\n+0.02 S:ACK ttl=57\nS:DATA(7) ttl=57\nC:ACK\n";
    private const string Answered = "C:SYN\n+0.02 S:SYN-ACK ttl=57\nC:ACK\nC:DATA(5)\n+0.02 S:ACK ttl=57\nS:DATA(7) ttl=57\nC:ACK\n";

    /// <summary>A lost SYN makes the handshake slow. A fast RST after such a handshake is not suspicious.</summary>
    [Theory]
    [InlineData(Slow + "C:DATA(9)\n+0.02 S:RST ttl=57")]
    [InlineData(Slow + "C:DATA(9)\n+0.02 S:RST ttl=56")] // another path by one hop
    [InlineData(Slow + "+400 C:DATA(9)\n+0.02 S:RST ttl=56")]
    [InlineData("C:SYN\n+0.9 S:SYN-ACK ttl=57\nC:ACK\nC:DATA(5)\n+0.001 S:ACK ttl=57\nS:DATA(7) ttl=57\nC:ACK\nC:DATA(9)\n+0.001 S:RST ttl=56")] // only the handshake was slow
    public void A_RST_as_fast_as_the_hosts_own_answers_is_not_certainly_forged(string script)
    {
        ConnectionClose record = PacketScript.One(script);

        Assert.Equal(ClosedBy.Server, record.ClosedBy);
        Assert.True(record.Confidence == Confidence.Low || record.Cause == Cause.PeerStateLost, $"{record.Cause} {record.Confidence}");
        Assert.DoesNotContain("was not sent by that host", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A kernel sends its RSTs with its own default TTL, whatever TTL a program has set for its socket (RFC 5082).</summary>
    [Theory]
    [InlineData(255, 64, false)]
    [InlineData(250, 59, false)]
    [InlineData(250, 61, true)]
    [InlineData(57, 61, true)]
    public void A_TTL_with_the_same_number_of_hops_is_no_sign_of_forgery(int own, int reset, bool isSign)
    {
        ConnectionClose record = PacketScript.One(Answered.Replace("ttl=57", $"ttl={own}", StringComparison.Ordinal) + $"C:DATA(9)\n+0.02 S:RST ttl={reset}");

        Assert.Equal(isSign, record.Explanation.Contains("its TTL is", StringComparison.Ordinal));
    }

    /// <summary>If a RST acknowledges too much, the capture may have missed data; an ACK right after it may have been overtaken by it.</summary>
    [Theory]
    [InlineData("C:DATA(90) lost=1\n+0.02 S:RST-ACK ttl=57 ack=96", CaptureQuality.Gaps)]
    [InlineData("C:DATA(90)\n+0.02 S:RST-ACK ttl=57 ack=96\n+0.00001 S:ACK ttl=57 ack=96", CaptureQuality.Complete)]
    public void A_packet_that_was_not_captured_or_was_overtaken_is_no_sign_of_forgery(string end, CaptureQuality quality)
    {
        ConnectionClose record = PacketScript.One(Answered + end);

        Assert.Equal((CloseState.Reset, ClosedBy.Server, quality), (record.State, record.ClosedBy, record.CaptureQuality));
        Assert.NotEqual(Cause.MiddleboxReset, record.Cause);
    }

    /// <summary>If a device forged the RST, the next calls of the host with its source address succeed, whatever flags the RST has.</summary>
    [Theory]
    [InlineData("RST")]
    [InlineData("RST-ACK")]
    public void The_host_that_did_not_send_it_gets_no_error(string reset)
    {
        ConnectionClose record = PacketScript.One(Answered + $"C:DATA(9)\n+0.02 S:{reset} ttl=61 id=777");

        Assert.Equal(("ECONNRESET", "blocks", "ok"), (record.ClientRead, record.ServerRead, record.ServerWrite));
        Assert.DoesNotContain(record.Errors, error => error.Side == "Server" && error.Reads[0] != "blocks");
    }

    /// <summary>A client that repeats a refused SYN (as Windows does) may be accepted: nothing was forged, and nothing was closed.</summary>
    [Fact]
    public void A_refused_SYN_that_is_accepted_later_does_not_change_the_diagnosis()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nS:RST-ACK\n+0.5 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\nS:DATA(7) seq=1 ack=6\nC:ACK seq=6 ack=8\n+60 S:FIN seq=8 ack=6\nC:ACK seq=6 ack=9\nC:FIN seq=6 ack=9\nS:ACK seq=9 ack=7");

        Assert.Equal((CloseState.Graceful, ClosedBy.Server, Cause.IdleTimeout), (record.State, record.ClosedBy, record.Cause));
        Assert.Equal(60, record.IdleBeforeClose!.Value, precision: 1);
        Assert.DoesNotContain("RST", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A keepalive probe with one byte, as Windows sends it, is not payload.</summary>
    [Fact]
    public void The_byte_of_a_keepalive_probe_is_no_payload()
    {
        string probe = "+30 C:DATA(1) seq=5 ack=8\n+0.02 S:ACK ttl=57 seq=8 ack=6\n";
        ConnectionClose record = PacketScript.One(Answered + probe + probe + probe + "+30 S:FIN ttl=57");

        Assert.InRange(record.PayloadIdleBeforeClose!.Value, 120, 121);
    }
}
