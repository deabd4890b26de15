using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The receiver's packets show whether a RST was accepted, and the packets of the host with its source address show who sent it.</summary>
public sealed class ResetReceiverTests
{
    private const string Request = "C:SYN\n+0.02 S:SYN-ACK\nC:ACK\nC:DATA(5)\n+0.02 S:ACK\nS:DATA(7)\nC:ACK\n";

    /// <summary>The server continues after a RST with its address; the client, which was expected to send next, sends nothing more.</summary>
    [Theory]
    [InlineData("C:DATA(9)\nS:RST seq=8\n+0.02 S:ACK seq=8 ack=15", "blocks")]
    [InlineData("C:DATA(9)\nS:RST seq=8\n+0.02 S:ACK seq=8 ack=15\nS:DATA(6) seq=8 ack=15\n+0.2 S:DATA(6) seq=8 ack=15\n+0.4 S:DATA(6) seq=8 ack=15\n+0.8 S:DATA(6) seq=8 ack=15", "ETIMEDOUT")]
    [InlineData("C:DATA(9)\nS:RST seq=8\n+0.02 S:DATA(6) seq=8 ack=15\nC:RST seq=15", "ECONNRESET")]
    public void A_reset_with_the_address_of_a_host_that_continues_is_accepted_if_its_receiver_stops_sending(string end, string serverRead)
    {
        ConnectionClose record = PacketScript.One(Request + end);

        Assert.Equal((CloseState.Reset, Cause.MiddleboxReset, "ECONNRESET"), (record.State, record.Cause, record.ClientRead));
        Assert.Equal(serverRead, record.ServerRead);
        Assert.Equal(serverRead == "blocks", record.Explanation.Contains("does not notice it", StringComparison.Ordinal));
    }

    /// <summary>If the SYN-ACK was not captured, the server's acknowledgments still show that the SYN was answered.</summary>
    [Theory]
    [InlineData("C:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\nS:DATA(3) seq=1 ack=6\n+1 C:RST seq=6", "ok")]
    [InlineData("S:DATA(700) seq=1 ack=201\nC:RST seq=201", "ok")]
    [InlineData("C:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\n+1 C:FIN seq=6 ack=1\n+0.02 S:DATA(40) seq=1 ack=7\nC:RST seq=1", "ok")]
    public void A_SYN_ACK_that_was_not_captured_is_not_a_stale_port(string rest, string connect)
    {
        ConnectionClose record = PacketScript.One("C:SYN\n+0.02 S:SYN-ACK lost=1\n" + rest);

        Assert.NotEqual(Cause.StalePortReuse, record.Cause);
        Assert.Equal(connect, record.Connect);
        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.Gaps), record.CaptureQuality.ToString());
    }

    /// <summary>A device that drops a connection from its table after 60 s would have done so the first time.</summary>
    [Theory]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:RST ttl=40 id=9", Cause.MiddleboxReset)]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\n+0.02 S:RST", Cause.PeerStateLost)]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+600 C:KEEPALIVE\n+0.02 S:RST", Cause.StateExpired)] // a longer one
    [InlineData("+600 C:KEEPALIVE\n+0.02 S:RST", Cause.StateExpired)]
    public void A_silence_that_the_connection_survived_before_is_not_an_expired_state(string end, Cause cause)
    {
        ConnectionClose record = PacketScript.One(Request + end);

        Assert.Equal(cause, record.Cause);
        Assert.Equal(cause == Cause.PeerStateLost, record.Explanation.Contains("keepalive probe (frame ", StringComparison.Ordinal));
    }
}
