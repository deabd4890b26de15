using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>MPTCP (RFC 8684): what the programs see depends on more than one TCP connection.</summary>
public sealed class SubflowTests
{
    private const string Capable = "options=1e0c0181000000000000000b";
    private const string Proposal = $"C:SYN {Capable}\n";
    private const string Handshake = $"{Proposal}S:SYN-ACK {Capable}\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string DataFin = "options=1e08201100000001";
    private const string Remark = "This TCP connection is a subflow of MPTCP";

    [Fact]
    public void A_DATA_FIN_is_an_end_of_file_although_no_FIN_follows()
    {
        ConnectionClose record = PacketScript.One($"{Handshake}S:ACK {DataFin}\nC:ACK");
        Assert.Equal((CloseState.Open, Cause.StillOpen, Confidence.Medium), (record.State, record.Cause, record.Confidence));
        Assert.Equal("EOF", record.ClientRead);
        Assert.Equal("EPIPE", record.ServerWrite);
        Assert.Contains("The server closed the MPTCP connection (DATA_FIN, frame 7)", record.Explanation, StringComparison.Ordinal);
        Assert.Contains(Remark, record.Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.HalfClose, Assert.Single(record.Alternatives).Cause);
    }

    [Fact]
    public void The_end_is_known_if_both_sides_closed_the_MPTCP_connection()
    {
        ConnectionClose record = PacketScript.One($"{Handshake}C:ACK {DataFin}\nS:ACK {DataFin}\nC:FIN\nS:FIN\nC:ACK");
        Assert.Equal((Cause.NormalClose, Confidence.High), (record.Cause, record.Confidence));
        Assert.DoesNotContain("MPTCP", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"{Handshake}C:FIN\nS:FIN\nC:ACK", Confidence.Medium)] // another subflow may remain
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\nC:FIN\nS:FIN\nC:ACK", Confidence.High)]
    [InlineData($"{Proposal}S:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\nC:FIN\nS:FIN\nC:ACK", Confidence.High)] // the server does not use MPTCP
    public void A_subflow_is_not_certain_to_be_all_of_the_connection(string script, Confidence confidence)
    {
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal((Cause.NormalClose, confidence), (record.Cause, record.Confidence));
        Assert.Equal(confidence == Confidence.Medium, record.Explanation.Contains(Remark, StringComparison.Ordinal));
    }
}
