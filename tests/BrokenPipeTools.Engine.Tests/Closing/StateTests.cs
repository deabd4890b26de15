using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Closing;

/// <summary>Every way a connection can end, as a packet script; the expected record in the attribute beside it.</summary>
public sealed class StateTests
{
    private const string Handshake = """
        C:SYN
        S:SYN-ACK
        C:ACK

        """;

    private const string Request = Handshake + """
        C:DATA(5)
        S:ACK

        """;

    [Theory]
    [InlineData(Request + "S:DATA(7)\nC:ACK", CloseState.Open, ClosedBy.None, "")]
    [InlineData(Request + "S:FIN\nC:ACK\nC:FIN\nS:ACK", CloseState.Graceful, ClosedBy.Server, "S:FIN C:ACK C:FIN S:ACK")]
    [InlineData(Request + "C:FIN\nS:FIN\nC:ACK", CloseState.Graceful, ClosedBy.Client, "C:FIN S:FIN C:ACK")]
    [InlineData(Request + "C:FIN\nS:FIN ack=6\nC:ACK\nS:ACK", CloseState.Graceful, ClosedBy.Both, "C:FIN S:FIN C:ACK S:ACK")]
    [InlineData(Request + "S:FIN\nC:ACK", CloseState.HalfClosed, ClosedBy.Server, "S:FIN C:ACK")]
    [InlineData(Request + "C:FIN\nS:ACK\nS:DATA(100)\nC:ACK\nS:DATA(200)\nC:ACK\nS:FIN\nC:ACK", CloseState.Graceful, ClosedBy.Client, "C:FIN S:ACK S:DATA(100) C:ACK S:DATA(200) C:ACK S:FIN C:ACK")]
    [InlineData(Request + "S:RST-ACK", CloseState.Reset, ClosedBy.Server, "S:RST")]
    [InlineData(Request + "C:RST-ACK", CloseState.Reset, ClosedBy.Client, "C:RST")]
    [InlineData(Request + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST", CloseState.Reset, ClosedBy.Server, "S:FIN C:ACK C:DATA(5) S:RST")]
    [InlineData(Request + "S:FIN\nC:FIN\nS:ACK\n+1 C:RST-ACK", CloseState.Graceful, ClosedBy.Server, "S:FIN C:FIN S:ACK C:RST")]
    [InlineData(Request + "C:FIN\nS:ACK\nS:DATA(37)\nC:RST\nS:FIN\nC:RST", CloseState.Reset, ClosedBy.Client, "C:FIN S:ACK S:DATA(37) C:RST S:FIN C:RST")]
    [InlineData("C:SYN\nS:RST-ACK", CloseState.Refused, ClosedBy.Server, "C:SYN S:RST")]
    [InlineData("C:SYN", CloseState.Unanswered, ClosedBy.None, "C:SYN")]
    [InlineData("C:SYN\n+1 C:SYN seq=0\n+2 C:SYN seq=0", CloseState.Unanswered, ClosedBy.None, "C:SYN C:REXMIT×2")]
    [InlineData(Handshake + "C:RST-ACK", CloseState.Reset, ClosedBy.Client, "C:RST")]
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6", CloseState.TimedOut, ClosedBy.None, "C:REXMIT(9)×3")]
    [InlineData(Request + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+0.4 C:DATA(9) seq=6\n+0.8 C:DATA(9) seq=6\nS:ACK", CloseState.Open, ClosedBy.None, "C:REXMIT(9)×3")]
    [InlineData(Request + "S:FIN\n+1 S:FIN seq=1\n+2 S:FIN seq=1\n+4 S:FIN seq=1", CloseState.TimedOut, ClosedBy.Server, "S:FIN S:REXMIT×3")]
    [InlineData(Request + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:KEEPALIVE", CloseState.TimedOut, ClosedBy.None, "C:KEEPALIVE×3")]
    [InlineData(Request + "+60 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:KEEPALIVE\n+75 C:RST-ACK", CloseState.Reset, ClosedBy.Client, "C:RST")]
    [InlineData(Request + "+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:ACK\n+60 C:KEEPALIVE\nS:ACK", CloseState.Open, ClosedBy.None, "C:KEEPALIVE S:KEEPALIVE-ACK C:KEEPALIVE S:KEEPALIVE-ACK C:KEEPALIVE S:KEEPALIVE-ACK")]
    public void A_connection_ends_as_its_packets_show(string script, CloseState state, ClosedBy by, string sequence)
    {
        foreach (bool ipv6 in (bool[])[false, true])
        {
            ConnectionClose record = PacketScript.One(script, ipv6);
            Assert.Equal((state, by, sequence), (record.State, record.ClosedBy, record.Sequence));
            Assert.Equal((40000, 80, true), (record.ClientPort, record.ServerPort, record.OpenerKnown));
        }
    }

    [Theory]
    [InlineData(Request + "S:RST seq=500\nC:ACK\nS:DATA(5)\nC:ACK", CloseState.Open)] // in the window, not exact: a challenge ACK, and the connection stays open
    [InlineData(Request + "S:RST seq=0\nC:ACK\nS:DATA(5)\nC:ACK", CloseState.Open)] // below the window
    [InlineData(Request + "S:RST seq=1\nS:DATA(5)\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:FIN\nS:ACK", CloseState.Graceful)] // forged: the server continues, and the client ignored it
    [InlineData(Request + "S:RST seq=1", CloseState.Reset)]
    [InlineData("C:SYN\nS:RST ack=none seq=0\nS:SYN-ACK\nC:ACK", CloseState.Open)] // a RST to a SYN must acknowledge it
    public void A_RST_counts_only_if_it_is_accepted(string script, CloseState state) => Assert.Equal(state, PacketScript.One(script).State);

    [Fact]
    public void After_a_forged_RST_a_real_one_counts()
    {
        ConnectionClose record = PacketScript.One(Request + "S:RST seq=1\nS:DATA(5)\nC:ACK\n+1 S:RST-ACK");
        Assert.Equal((CloseState.Reset, ClosedBy.Server), (record.State, record.ClosedBy));
        Assert.Equal(6, record.ServerResetFrame); // the column holds the first RST of all
    }

    [Theory]
    [InlineData("S:FIN\n", 0.001)]
    [InlineData("+30 S:FIN", 30)]
    [InlineData("+30 C:DATA(5)\n+0.02 S:RST", 30)] // the RST answers: the silence is that before the data
    [InlineData("+7200 C:KEEPALIVE\n+0.02 S:RST", 7200)]
    [InlineData("+30 C:ACK\n+0.02 S:RST-ACK", 0.02)] // an ACK alone asks for no answer
    public void Idle_is_the_silence_before_the_closing(string end, double seconds) =>
        Assert.Equal(seconds, PacketScript.One(Request + end).IdleBeforeClose!.Value, precision: 6);

    [Fact]
    public void Payload_idle_counts_from_the_last_payload_byte()
    {
        ConnectionClose record = PacketScript.One(Request + "+45 C:KEEPALIVE\nS:ACK\n+45 S:FIN");
        Assert.Equal(45, record.IdleBeforeClose!.Value, precision: 6);
        Assert.Equal(90.002, record.PayloadIdleBeforeClose!.Value, precision: 6);
        Assert.Null(PacketScript.One(Handshake + "+5 S:FIN").PayloadIdleBeforeClose);
    }

    [Fact]
    public void Counts_and_frames_are_those_of_the_packets()
    {
        ConnectionClose r = PacketScript.One(Request + "S:DATA(100)\nS:DATA(100)\n+0.3 S:DATA(100) seq=101\nC:ACK\nS:FIN\nC:FIN\nS:ACK\nC:RST");
        Assert.Equal((13L, 6L, 7L, 5L, 300L), (r.Packets, r.ClientPackets, r.ServerPackets, r.ClientBytes, r.ServerBytes));
        Assert.Equal((0, 1), (r.ClientRetransmissions, r.ServerRetransmissions));
        Assert.Equal((11L, 10L, 13L, null), (r.ClientFinFrame, r.ServerFinFrame, r.ClientResetFrame, r.ServerResetFrame));
        Assert.Equal((1L, 13L), (r.FirstFrame, r.LastFrame));
        Assert.Equal(0.3, r.MaxGap, precision: 6);
    }

    [Fact]
    public void The_ladder_names_every_rung()
    {
        CloseEvent[] rungs = [.. PacketScript.One(Request + "S:FIN ttl=57\nC:ACK\n+1 C:DATA(5)\nS:RST ttl=60").Events];
        Assert.Equal(["Server", "Client", "Client", "Server"], rungs.Select(e => e.Side));
        Assert.Equal([6L, 7, 8, 9], rungs.Select(e => e.Frame));
        Assert.Equal([1u, 6, 6, 2], rungs.Select(e => e.RelativeSequence)); // the RST answers with the number the data acknowledged
        Assert.Equal([6u, 2, 2, null], rungs.Select(e => e.RelativeAcknowledgment));
        Assert.Equal([57, 64, 64, 60], rungs.Select(e => e.TimeToLive));
    }
}
