using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Connections;

public sealed class TableTests
{
    private const string Whole = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:FIN\nC:FIN\nS:ACK\n";

    [Fact]
    public void A_connection_is_final_when_it_has_been_closed_for_long_not_at_the_end()
    {
        byte[] capture = CaptureBytes.Pcap(PacketScript.Build(Whole + "+241 C:SYN conn=1"));
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new Unfinished(capture), "x"));
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal((CloseState.Graceful, 7L), (record.State, record.Packets));
    }

    [Fact]
    public void Late_segments_within_the_wait_belong_to_the_connection()
    {
        List<ConnectionClose> records = PacketScript.Run(Whole + "+200 S:FIN seq=1\n+200 S:FIN seq=1\n+241 C:SYN conn=1");
        Assert.Equal([9L, 1L], records.Select(r => r.Packets));
    }

    [Fact]
    public void A_connection_that_a_reset_did_not_end_and_that_closes_again_is_one_record()
    {
        const string Twice = "C:SYN\nS:SYN-ACK\nC:ACK\nS:RST\n+1 S:DATA(5)\nC:ACK\nC:RST\n";
        List<ConnectionClose> records = PacketScript.Run(Twice + "+200 C:RST\n+30 C:RST\n+20 C:SYN conn=1\n+200 C:SYN conn=2\n+241 C:SYN conn=3");
        Assert.Equal([9L, 1L, 1L, 1L], records.Select(r => r.Packets));
    }

    [Fact]
    public void Beyond_the_limit_the_least_recently_active_one_is_evicted_and_marked()
    {
        string script = string.Join('\n', Enumerable.Range(0, 4).Select(i => $"C:SYN conn={i}\nS:SYN-ACK conn={i}\nC:ACK conn={i}")) + "\nC:DATA(5) conn=0\nC:SYN conn=9";
        List<ConnectionClose> records = Analyze.Bytes(CaptureBytes.Pcap(PacketScript.Build(script)), new AnalyzerOptions { MaxConnections = 4 });
        Assert.Equal([40001], records.Where(r => r.State == CloseState.Evicted).Select(r => r.ClientPort));
        Assert.Equal(5, records.Count);
    }

    [Fact]
    public void A_midstream_connection_is_oriented_by_its_ports_and_marked_as_inferred()
    {
        ConnectionClose record = PacketScript.One("S:DATA(5)\nC:ACK\nC:DATA(5)\nS:ACK");
        Assert.Equal((40000, 80, false), (record.ClientPort, record.ServerPort, record.OpenerKnown));
        Assert.Equal(CaptureQuality.MissingHandshake, record.CaptureQuality);
    }

    [Theory]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nC:FIN", CaptureQuality.Complete)]
    [InlineData("C:SYN\nS:SYN-ACK lost=1\nC:ACK\nC:DATA(5)\nC:FIN", CaptureQuality.OneSided)]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5) lost=1\nC:DATA(5)\nS:ACK", CaptureQuality.Gaps)]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5) lost=1\nS:ACK", CaptureQuality.Gaps)]
    public void The_capture_quality_names_missing_data(string script, CaptureQuality quality) => Assert.Equal(quality, PacketScript.One(script).CaptureQuality);

    /// <summary>
    /// A host that still holds the old connection answers the SYN with the old numbers; segments before a SYN do not belong to its connection.
    /// </summary>
    [Theory]
    [InlineData(500)]
    [InlineData(4_294_867_296)] // 100,000 before the server's initial one
    public void Numbers_of_an_old_connection_leave_no_gap_in_the_new_one(uint old)
    {
        ConnectionClose record = PacketScript.One($"C:SYN\nS:ACK seq={old} ack=500\nC:RST seq=500\n+0.03 C:SYN seq=0\nS:SYN-ACK seq=0 ack=1\nC:ACK seq=1 ack=1\nC:DATA(5) seq=1 ack=1\nS:ACK seq=1 ack=6\nC:FIN seq=6 ack=1\nS:FIN seq=1 ack=7\nC:ACK seq=7 ack=2");

        Assert.Equal((CloseState.Graceful, CaptureQuality.Complete), (record.State, record.CaptureQuality));
        Assert.Equal(("EOF", "EPIPE", "EOF", "EPIPE"), (record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite));
    }

    [Fact]
    public void Sequence_numbers_wrap()
    {
        // The server's initial number is 4,000,000,000. After 300 MB its numbers have passed 2^32.
        string script = "C:SYN\nS:SYN-ACK\nC:ACK\nS:DATA(1000) seq=294967000\nC:ACK ack=294968000\nS:DATA(1000) seq=294968000\nS:FIN\nC:FIN\nS:ACK";
        ConnectionClose record = PacketScript.One(script);
        Assert.Equal((CloseState.Graceful, 0, 2000L), (record.State, record.ServerRetransmissions, record.ServerBytes));
    }

    [Fact]
    public void An_ICMP_error_is_an_observation_not_a_packet()
    {
        List<RawFrame> frames = PacketScript.Build("C:SYN");
        byte[] quoted = frames[0].Data[14..];
        frames.Add(new RawFrame(Wrap.Ethernet(Ip.V4(Ip.A4, Ip.B4, 1, [3, 1, 0, 0, 0, 0, 0, 0, .. quoted]))) { Time = frames[0].Time + 1000 });
        ConnectionClose record = Assert.Single(Analyze.Bytes(CaptureBytes.Pcap(frames)));
        Assert.Equal((1L, CloseState.Unanswered, ClosedBy.Network), (record.Packets, record.State, record.ClosedBy));
        Assert.Equal("C:SYN C:ICMP(3/1)", record.Sequence);
        Assert.Contains("host unreachable", record.Events[^1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quotation_of_an_unknown_connection_takes_a_stream_number_and_gives_no_record()
    {
        byte[] quoted = new TcpPacket { SourcePort = 1, Payload = TcpPacket.Bytes(20) }.ToIp();
        List<RawFrame> frames = [new RawFrame(Wrap.Ethernet(Ip.V4(Ip.A4, Ip.B4, 1, [3, 1, 0, 0, 0, 0, 0, 0, .. quoted]))), .. PacketScript.Build("C:SYN")];
        Assert.Equal(1, Assert.Single(Analyze.Bytes(CaptureBytes.Pcap(frames))).Stream);
    }

    /// <summary>A file that is still being written: the test fails if it is read beyond its current end.</summary>
    private sealed class Unfinished(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) =>
            Position < Length ? base.Read(buffer, offset, count) : throw new InvalidOperationException("it waited for more");
    }
}
