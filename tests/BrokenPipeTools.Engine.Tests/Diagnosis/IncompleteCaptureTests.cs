using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Records do not claim what the capture cannot show: payload that was cut off, segments that it lacks, frames out of order.</summary>
public class IncompleteCaptureTests
{
    private const string Begin = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\nS:DATA(100)\nC:ACK\n";

    [Theory]
    [InlineData(400, Confidence.High)]
    [InlineData(54, Confidence.Medium)]
    public void Cut_payload_after_a_FIN_may_be_only_a_closing_message(int length, Confidence expected)
    {
        string script = Begin + "C:FIN\nS:ACK\nS:DATA(31)\nC:ACK\nS:FIN\nC:ACK";
        List<RawFrame> cut = [.. PacketScript.Build(script).Select(f => f with { Data = f.Data[..Math.Min(length, f.Data.Length)], OriginalLength = f.Data.Length })];
        ConnectionClose record = Assert.Single(Analyze.Bytes(CaptureBytes.Pcap(cut, magic: 0xA1B23C4D)));
        Assert.Equal((Cause.HalfClose, expected), (record.Cause, record.Confidence));
        Assert.Equal(expected == Confidence.Medium, record.Alternatives.Any(a => a.Cause == Cause.NormalClose));
    }

    [Fact]
    public void A_side_that_may_have_closed_is_not_said_to_be_in_CLOSE_WAIT()
    {
        ConnectionClose record = PacketScript.One(Begin + "C:FIN\nS:FIN lost=1\nC:ACK\n+30 C:ACK");
        Assert.Equal((Cause.HalfClose, Confidence.Low), (record.Cause, record.Confidence));
        Assert.DoesNotContain("CLOSE_WAIT", record.Explanation + record.Advice, StringComparison.Ordinal);
        Assert.Contains("not known", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_that_lacks_the_last_segments_does_not_claim_that_neither_side_closed()
    {
        ConnectionClose record = PacketScript.One(Begin + "S:FIN lost=1\nC:FIN lost=1\nS:ACK\nC:ACK");
        Assert.StartsWith("The capture shows no close of this connection. The server acknowledged more than was captured of the client", record.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void FINs_that_were_captured_in_the_wrong_order_are_put_in_order_by_their_numbers()
    {
        ConnectionClose record = PacketScript.One(Begin + "C:FIN lost=1\nS:FIN\nC:FIN seq=51 ack=101\nC:ACK");
        Assert.Equal("The client closed (FIN, frame 8), then the server (FIN, frame 7, which acknowledges it; the frames are out of order), and nothing was lost.", record.Explanation);
    }

    [Fact]
    public void A_request_after_the_FIN_of_a_server_is_not_said_to_be_read()
    {
        ConnectionClose record = PacketScript.One(Begin + "S:FIN\nC:ACK\nC:DATA(50)\nS:ACK\nC:FIN\nS:ACK");
        Assert.DoesNotContain("Nothing was lost", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("send it again on a new connection", record.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_without_an_answer_is_mentioned()
    {
        ConnectionClose record = PacketScript.One(Begin + "C:DATA(60)\nS:ACK\nS:FIN\nC:FIN\nS:ACK");
        Assert.Equal((Cause.NormalClose, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.EndsWith("The client's last payload got no answer.", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>NFS and rsh clients use privileged ports, and registered ports are among the ephemeral ones.</summary>
    [Theory]
    [InlineData(2049, 720)]
    [InlineData(50051, 40000)]
    [InlineData(179, 40000)]
    [InlineData(443, 8080 + 40000)]
    public void The_port_of_a_server_is_known(int server, int client)
    {
        Assert.True(ServerPorts.Compare((ushort)server, (ushort)client) > 0);
        Assert.True(ServerPorts.Compare((ushort)client, (ushort)server) < 0);
    }
}
