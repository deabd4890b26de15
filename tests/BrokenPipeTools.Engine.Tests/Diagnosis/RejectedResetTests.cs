using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>If the receiver rejects a RST, the explanation has the numbers that are the reason.</summary>
public sealed class RejectedResetTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(200)\nS:ACK\nS:DATA(500)\nC:ACK\n";
    private const string GoesOn = "C:ACK\nC:DATA(50)\nS:ACK";

    [Theory]
    [InlineData("+1 S:RST-ACK seq=1001\n" + GoesOn, "(frame 8) was not accepted: seq=1001, expected 501.")] // in the window: a challenge ACK
    [InlineData("+1 S:RST seq=201\n+1 C:DATA(50)\nS:ACK", "(frame 8) was not accepted: seq=201, expected 501.")]
    [InlineData("+1 S:RST-ACK seq=500\n+1 C:DATA(50)\nS:ACK", "(frame 8) was not accepted: seq=500, expected 501.")]
    [InlineData("+1 C:RST seq=90\n+1 S:DATA(50)\nC:ACK\nC:DATA(9)\nS:ACK", "(frame 8) was not accepted: seq=90, expected 201.")]
    [InlineData("+1 S:RST-ACK seq=1001\n+1 S:DATA(10)\nC:ACK", "(frame 8) was not accepted: seq=1001 is not the next number that the client expects.")]
    public void The_sequence_number_is_compared_with_the_one_that_the_receiver_expects(string rest, string reason)
    {
        ConnectionClose record = PacketScript.One(Answered + rest);
        Assert.Equal(CloseState.Open, record.State);
        Assert.Contains(reason, record.Explanation, StringComparison.Ordinal);

        // data acknowledged after the RST do not contradict it
        Assert.DoesNotContain("below the data", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C:SYN\nS:RST\n+1 C:SYN seq=0\n+2 C:SYN seq=0", CloseState.Unanswered, "A RST with the server's address (frame 2) was not accepted: it does not acknowledge the SYN.")]
    [InlineData("C:SYN\nS:RST-ACK ack=7 win=0\n+1 C:SYN seq=0\n+2 C:SYN seq=0", CloseState.Unanswered, "(frame 2) was not accepted: ack=7, expected 1.")]
    [InlineData("C:SYN\nS:RST", CloseState.Unanswered, "(frame 2) was not accepted: it does not acknowledge the SYN.")]
    [InlineData("C:SYN\nS:RST\nS:RST-ACK ack=7 win=0\n+1 C:SYN seq=0\n+2 C:SYN seq=0", CloseState.Unanswered, "(frame 2) was not accepted: it does not acknowledge the SYN. A RST with the server's address (frame 3) was not accepted: ack=7, expected 1.")]
    [InlineData("C:SYN\nS:RST-ACK ack=0 win=0\nS:SYN-ACK seq=0\nC:ACK\nC:DATA(5)\nS:ACK", CloseState.Open, "(frame 2) was not accepted: ack=0, expected 1.")]
    [InlineData("C:SYN\nS:RST\nS:SYN-ACK seq=0\nC:ACK\nC:DATA(5)\nS:ACK\nC:RST-ACK", CloseState.Reset, "(frame 2) was not accepted: it does not acknowledge the SYN.")] // another one ended it
    [InlineData("C:SYN\nS:RST\nS:SYN-ACK seq=0\nC:ACK\nC:DATA(5)\nS:ACK\nC:FIN\nS:FIN\nC:ACK", CloseState.Graceful, "(frame 2) was not accepted: it does not acknowledge the SYN.")]
    public void A_client_that_has_sent_a_SYN_takes_a_RST_only_if_it_acknowledges_that(string script, CloseState state, string reason)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal(state, record.State);
        Assert.Contains(reason, record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("not answered", record.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("no answer", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Answered + "S:RST-ACK")]
    [InlineData("C:SYN\nS:RST-ACK win=0 seq=0")]
    [InlineData(Answered + "S:FIN\nC:ACK\nC:FIN\nS:ACK\nS:RST")] // after both FINs
    [InlineData(Answered + "S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n+0.1 C:DATA(5)\nS:RST")]
    [InlineData(Answered + "C:FIN\nS:ACK\nS:DATA(10)\nC:RST\nS:DATA(10)\nC:RST")]
    public void A_RST_that_ended_the_connection_or_came_after_its_end_was_not_rejected(string script) =>
        Assert.DoesNotContain("not accepted", PacketScript.One(script).Explanation, StringComparison.Ordinal);
}
