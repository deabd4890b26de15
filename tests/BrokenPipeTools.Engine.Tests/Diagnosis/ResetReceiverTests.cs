using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Whether a RST was taken shows at its receiver, and who sent it at the host that it names.</summary>
public sealed class ResetReceiverTests
{
    private const string Request = "C:SYN\n+0.02 S:SYN-ACK\nC:ACK\nC:DATA(5)\n+0.02 S:ACK\nS:DATA(7)\nC:ACK\n";

    /// <summary>The server continues after a RST with its address; the client, whose turn it was, sends nothing more.</summary>
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

    [Theory]
    [InlineData("C:DATA(9)\nS:RST seq=8\n+0.02 S:ACK seq=8 ack=15\nC:DATA(5)\nS:ACK seq=8 ack=20")] // the receiver continues: it never arrived
    [InlineData("S:RST seq=4\nC:ACK\nS:DATA(3) seq=8 ack=6\nC:ACK")] // its number was acknowledged before
    public void A_reset_is_not_accepted_if_its_receiver_continues(string end)
    {
        ConnectionClose record = PacketScript.One(Request + end);

        Assert.Equal((CloseState.Open, ClosedBy.None, "blocks"), (record.State, record.ClosedBy, record.ClientRead));
    }

    /// <summary>One host refuses a SYN or accepts it. A client that tries again after a refusal (Windows does) may be accepted then.</summary>
    [Theory]
    [InlineData("C:SYN\nS:RST-ACK ttl=60\n+0.02 S:SYN-ACK seq=0 ack=1\nC:RST seq=1", CloseState.Refused, ClosedBy.Network, Cause.MiddleboxReset, "ECONNREFUSED")]
    [InlineData("C:SYN\nS:RST-ACK\n+0.5 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6", CloseState.Open, ClosedBy.None, Cause.StillOpen, "ok")]
    [InlineData("C:SYN\nS:RST-ACK", CloseState.Refused, ClosedBy.Server, Cause.ConnectionRefused, "ECONNREFUSED")]
    [InlineData("C:SYN\n+0.02 S:RST\nC:RST seq=1", CloseState.Reset, ClosedBy.Client, Cause.Undetermined, "blocks")] // the server's is not taken: it acknowledges no SYN
    public void A_refusal_is_the_servers_own_unless_it_accepts_the_SYN_as_well(string script, CloseState state, ClosedBy by, Cause cause, string connect)
    {
        ConnectionClose record = PacketScript.One(script);

        Assert.Equal((state, by, cause, connect), (record.State, record.ClosedBy, record.Cause, record.Connect));
    }

    /// <summary>A capture without the SYN-ACK still has the SYN's answer: the acknowledgments of the server.</summary>
    [Theory]
    [InlineData("C:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\nS:DATA(3) seq=1 ack=6\n+1 C:RST seq=6", "ok")]
    [InlineData("S:DATA(700) seq=1 ack=201\nC:RST seq=201", "ok")]
    [InlineData("C:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\n+1 C:FIN seq=6 ack=1\n+0.02 S:DATA(40) seq=1 ack=7\nC:RST seq=1", "ok")]
    public void A_SYN_ACK_that_was_not_captured_makes_no_stale_port(string rest, string connect)
    {
        ConnectionClose record = PacketScript.One("C:SYN\n+0.02 S:SYN-ACK lost=1\n" + rest);

        Assert.NotEqual(Cause.StalePortReuse, record.Cause);
        Assert.Equal(connect, record.Connect);
        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.Gaps), record.CaptureQuality.ToString());
    }

    [Theory]
    [InlineData("C:SYN\nS:ACK seq=500 ack=5000000\nC:RST seq=5000000\n+1 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK ack=1", Confidence.High, "ok")]
    [InlineData("C:SYN\nS:ACK seq=500 ack=900\nC:RST seq=900\n+1 C:SYN seq=0", Confidence.High, "blocks")]
    [InlineData("C:SYN\nS:ACK seq=500 ack=900\n+0.00001 C:SYN seq=0\nC:RST seq=900\n+1 C:SYN seq=0", Confidence.High, "blocks")] // the SYN again, from a second capture point
    [InlineData("C:SYN\nS:SYN-ACK ack=900\nC:RST seq=900\n+1 C:SYN seq=0\nS:SYN-ACK seq=0 ack=900\nC:RST seq=900", Confidence.Medium, "blocks")] // not its SYN: connect continues
    public void An_answer_with_the_numbers_of_another_connection_is_a_reused_port(string script, Confidence confidence, string connect)
    {
        ConnectionClose record = PacketScript.One(script);

        Assert.Equal((Cause.StalePortReuse, confidence, connect), (record.Cause, record.Confidence, record.Connect));
    }

    /// <summary>A device that had forgotten a connection after 60 s would have done so the first time.</summary>
    [Theory]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:RST ttl=40 id=9", Cause.MiddleboxReset)]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\n+0.02 S:RST", Cause.PeerStateLost)]
    [InlineData("+60 C:KEEPALIVE\nS:ACK\n+600 C:KEEPALIVE\n+0.02 S:RST", Cause.StateExpired)] // a longer one
    [InlineData("+600 C:KEEPALIVE\n+0.02 S:RST", Cause.StateExpired)]
    public void A_silence_that_the_connection_survived_before_expires_nothing(string end, Cause cause)
    {
        ConnectionClose record = PacketScript.One(Request + end);

        Assert.Equal(cause, record.Cause);
        Assert.Equal(cause == Cause.PeerStateLost, record.Explanation.Contains("keepalive probe (frame ", StringComparison.Ordinal));
    }
}
