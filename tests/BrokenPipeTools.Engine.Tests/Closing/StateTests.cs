using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Closing;

/// <summary>Times, counts and frames of a close. The states and sequences are expected in tests/cases.</summary>
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

    [Fact]
    public void After_a_forged_RST_a_real_one_counts()
    {
        ConnectionClose record = PacketScript.One(Request + "S:RST seq=1\nS:DATA(5)\nC:ACK\n+1 S:RST-ACK");
        Assert.Equal((CloseState.Reset, ClosedBy.Server), (record.State, record.ClosedBy));
        Assert.Equal(6, record.ServerResetFrame); // the column contains the first RST of any kind
    }

    [Theory]
    [InlineData("S:FIN\n", 0.001)]
    [InlineData("+30 S:FIN", 30)]
    [InlineData("+30 C:DATA(5)\n+0.02 S:RST", 30)] // the RST answers the data, so the silence is the one before the data
    [InlineData("+7200 C:KEEPALIVE\n+0.02 S:RST", 7200)]
    [InlineData("+30 C:ACK\n+0.02 S:RST-ACK", 0.02)] // an ACK alone needs no answer
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
    public void The_ladder_describes_every_event()
    {
        CloseEvent[] rungs = [.. PacketScript.One(Request + "S:FIN ttl=57\nC:ACK\n+1 C:DATA(5)\nS:RST ttl=60").Events];
        Assert.Equal(["Server", "Client", "Client", "Server"], rungs.Select(e => e.Side));
        Assert.Equal([6L, 7, 8, 9], rungs.Select(e => e.Frame));
        Assert.Equal([1u, 6, 6, 2], rungs.Select(e => e.RelativeSequence)); // the RST answers with the number the data acknowledged
        Assert.Equal([6u, 2, 2, null], rungs.Select(e => e.RelativeAcknowledgment));
        Assert.Equal([57, 64, 64, 60], rungs.Select(e => e.TimeToLive));
    }

    /// <summary>The events of a RST without ACK agree with its cause: only an answer shows that there was no socket.</summary>
    [Theory]
    [InlineData("+1.5 C:RST seq=6 id=78", Cause.AbortiveClose, "")]
    [InlineData("S:DATA(9)\nC:RST seq=6 id=78", Cause.MiddleboxReset, "probably no socket")]
    public void Only_a_RST_that_answers_a_segment_probably_has_no_socket(string end, Cause cause, string note)
    {
        ConnectionClose record = PacketScript.One(Request + "S:DATA(7)\nC:ACK\n" + end);

        Assert.Equal((cause, note), (record.Cause, record.Events[^1].Note));
    }
}
