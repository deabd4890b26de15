using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>One connection in every format gives one record, also if the text begins in the middle of it.</summary>
public sealed class TraceDialectTests
{
    public static TheoryData<string> Names() => [.. TraceSamples.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_format_gives_the_same_record(string name)
    {
        (List<ConnectionClose> records, CloseAnalyzer analyzer) = PrintedTrace.All(TraceSamples.All[name]);
        ConnectionClose record = Assert.Single(records);
        Assert.Null(analyzer.Remarks);
        Assert.Equal(Cause.WriteAfterPeerClose, record.Cause);
        Assert.Equal((CloseState.Reset, ClosedBy.Server), (record.State, record.ClosedBy));
        Assert.Equal("S:FIN C:ACK C:DATA(5) S:RST", record.Sequence);
        Assert.Equal((5, 8), (record.ServerFinFrame, record.ServerResetFrame));
        Assert.Equal((40000, 443), (record.ClientPort, record.ServerPort));
        Assert.Equal("EPIPE", record.ClientWrite);
        Assert.Equal((10, 0, 8), (record.ClientBytes, record.ServerBytes, record.Packets));
        Assert.Equal(1.03, record.Duration, 3);
        Assert.False(record.CaptureQuality.HasFlag(CaptureQuality.Gaps));
    }

    /// <summary>A paste that begins after the handshake: numbers stay relative to the missing initial ones.</summary>
    [Theory]
    [InlineData("tcpdump 4", 2)]
    [InlineData("tcpdump 4", 3)]
    [InlineData("tcpdump 4", 4)]
    [InlineData("tcpdump 3", 3)]
    [InlineData("absolute", 3)]
    [InlineData("tshark", 2)]
    [InlineData("tshark", 4)]
    public void A_paste_may_begin_in_the_middle(string name, int skipped)
    {
        string text = string.Join('\n', TraceSamples.All[name].Split('\n').Skip(skipped));
        ConnectionClose record = Assert.Single(PrintedTrace.Read(text));
        Assert.Equal(Cause.WriteAfterPeerClose, record.Cause);
        Assert.Equal("EPIPE", record.ClientWrite);
        Assert.False(record.CaptureQuality.HasFlag(CaptureQuality.Gaps));
    }

    /// <summary>If a capture begins in the middle of a connection, tcpdump prints its first segment unchanged, and later ones relative to it.</summary>
    [Fact]
    public void A_capture_that_begins_in_the_middle_counts_from_its_first_segment()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
            12:00:01.000000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 900000:900386, ack 700000, win 502, length 386
            12:00:01.010000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [.], ack 386, win 502, length 0
            12:00:01.020000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [P.], seq 1:101, ack 386, win 502, length 100
            12:00:01.030000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [P.], seq 386:703, ack 101, win 502, length 317
            12:00:01.040000 IP 198.51.100.3.443 > 192.0.2.10.40000: Flags [R], seq 700100, win 0, length 0
            """));
        Assert.Equal((703, 100), (record.ClientBytes, record.ServerBytes));
        Assert.Equal(CloseState.Reset, record.State);
        Assert.False(record.CaptureQuality.HasFlag(CaptureQuality.Gaps));
    }

    [Fact]
    public void Frames_are_numbered_as_in_the_text()
    {
        string text = string.Join('\n', TraceSamples.Tshark.Split('\n').Select((line, i) => string.Concat($"{(i * 10) + 7,5}", line.AsSpan(5))));
        ConnectionClose record = Assert.Single(PrintedTrace.Read(text));
        Assert.Equal((7, 47, 77), (record.FirstFrame, record.ServerFinFrame, record.ServerResetFrame));
    }

    [Fact]
    public void Packets_of_other_protocols_count_as_frames()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("12:00:00.900000 ARP, Request who-has 192.0.2.1 tell 192.0.2.10, length 28\n12:00:00.950000 IP 192.0.2.10.5353 > 192.0.2.1.53: 4711+ A? db.example. (28)\n" + TraceSamples.Tcpdump4));
        Assert.Equal((3, 10), (record.FirstFrame, record.LastFrame));
    }

    [Fact]
    public void An_error_that_cannot_reach_the_host_belongs_to_its_connection()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
            12:00:01.000000 IP 192.0.2.10.40000 > 198.51.100.3.443: Flags [S], seq 1000, win 64240, length 0
            12:00:01.000500 IP 192.0.2.1 > 192.0.2.10: ICMP host 198.51.100.3 unreachable, length 68
            """));
        Assert.Equal(Cause.NetworkUnreachable, record.Cause);
        Assert.Equal("EHOSTUNREACH", record.Connect);
    }

    [Fact]
    public void A_later_connection_of_the_same_ports_is_another_record()
    {
        string rows = TraceSamples.Tshark.Replace("40000 → 443 [SYN] Seq=0", "[TCP Port numbers reused] 40000 → 443 [SYN] Seq=0", StringComparison.Ordinal);
        List<ConnectionClose> records = PrintedTrace.Read(TraceSamples.Tshark + "\n" + string.Join('\n', rows.Split('\n').Select((line, i) => string.Concat($"{i + 9,5}", line.AsSpan(5)))));
        Assert.Equal([1L, 9L], records.Select(record => record.FirstFrame));
        Assert.All(records, record => Assert.Equal(Cause.WriteAfterPeerClose, record.Cause));
        Assert.All(records, record => Assert.Equal(1.03, record.Duration, 3));
    }

    [Fact]
    public void A_dump_may_begin_with_the_header_of_the_link_layer()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
            10:01:18.341273 IP 127.0.0.1.40202 > 127.0.0.1.5432: Flags [S], seq 3305605588, win 65495, length 0
            	0x0000:  0000 0000 0000 0000 0000 0000 0800 4500  ..............E.
            	0x0010:  003c d71c 4000 4006 659d 7f00 0001 7f00  .<..@.@.e.......
            	0x0020:  0001 9d0a 1538 c507 89d4 0000 0000 a002  .....8..........
            	0x0030:  ffd7 fe30 0000 0204 ffd7 0402 080a b5a8  ...0............
            	0x0040:  cee6 0000 0000 0103 030a                 ..........
            """));
        Assert.Equal(CaptureQuality.NoDate, record.CaptureQuality & ~CaptureQuality.BadChecksums);
        Assert.Equal(64, Assert.Single(record.Events).TimeToLive);
    }

    [Fact]
    public void A_text_has_exact_bytes_if_it_has_a_hex_dump()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read("""
            10:01:18.341273 IP 127.0.0.1.40202 > 127.0.0.1.5432: Flags [S], seq 3305605588, win 65495, length 0
            	0x0000:  4500 003c d71c 4000 4006 659d 7f00 0001  E..<..@.@.e.....
            	0x0010:  7f00 0001 9d0a 1538 c507 89d4 0000 0000  .......8........
            	0x0020:  a002 ffd7 fe30 0000 0204 ffd7 0402 080a  .....0..........
            	0x0030:  b5a8 cee6 0000 0000 0103 030a            ............
            """));
        Assert.Equal(CaptureQuality.NoDate, record.CaptureQuality & ~CaptureQuality.BadChecksums);
        Assert.Equal(64, Assert.Single(record.Events).TimeToLive);
    }

    [Fact]
    public void Frames_of_a_text_lack_the_fields_that_it_does_not_show()
    {
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(TraceSamples.Tcpdump3)), "trace.txt");
        Assert.True(source.TryRead(out Frame frame));
        Assert.Equal(FrameLacks.Date, frame.Lacks); // version 3 with -v prints TTL and ID
    }
}
