using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>
/// Flags that hosts ignore: FIN in a segment with SYN, SYN and FIN in one with RST (tcp_rcv_state_process() and
/// tcp_rcv_synsent_state_process(), net/ipv4/tcp_input.c).
/// </summary>
public sealed class IgnoredFlagTests
{
    [Theory]
    [InlineData("C:SYN flags=SF", CloseState.Unanswered)]
    [InlineData("C:SYN flags=SF\n+1 C:SYN flags=SF seq=0\n+2 C:SYN flags=SF seq=0", CloseState.Unanswered)]
    [InlineData("C:SYN flags=SF\nS:RST-ACK seq=0 ack=1 win=0", CloseState.Refused)]
    [InlineData("C:SYN\nS:SYN-ACK flags=SAF\nC:ACK ack=1\nC:DATA(5) ack=1\nS:DATA(7) seq=1", CloseState.Open)]
    [InlineData("C:SYN\nS:SYN-ACK flags=SAF\nC:ACK ack=1\nS:FIN seq=1\nC:ACK\nC:FIN\nS:ACK", CloseState.Graceful)]
    [InlineData("C:SYN\nS:SYN-ACK flags=SRA\nC:RST seq=1", CloseState.Refused)]
    [InlineData("C:SYN\nS:RST-ACK flags=RAF seq=0 ack=1", CloseState.Refused)]
    public void Ignored_flags_change_nothing(string script, CloseState state)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(state, record.State);
        Assert.True(record.ClientFinFrame is null || state == CloseState.Graceful, "a FIN that hosts ignore");
    }

    [Fact]
    public void A_FIN_on_a_SYN_ACK_does_not_end_the_client_s_reads()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nS:SYN-ACK flags=SAF\nC:ACK ack=1\nC:DATA(5) ack=1\nS:ACK seq=1");
        Assert.Equal((CallResultText.Ok, CallResultText.Blocks, CallResultText.Ok), (record.Connect, record.ClientRead, record.ClientWrite));
        Assert.Null(record.ServerFinFrame);
        Assert.DoesNotContain("FIN", record.Explanation, StringComparison.Ordinal);
    }
}
