using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>Packets that are passed one by one give the same records as the same packets in a file.</summary>
public class PacketAnalysisTests
{
    private const int DataLinkRaw = 12; // DLT_RAW, which no file has

    private const string Refused = "C:SYN conn=1\nS:RST-ACK conn=1\n";

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Records_are_those_of_a_file(int seed)
    {
        byte[] capture = new RandomCapture(seed).Make(frames: 3000);
        using PacketAnalysis packets = new("name");
        List<ConnectionClose> records = [.. Analyze.Frames(capture).SelectMany(frame => Feed(packets, frame))];
        packets.Complete();
        records.AddRange(Final(packets));
        Assert.All(records, record => Assert.Equal("name", record.Path));
        Assert.Equal(Everything(Analyze.Bytes(capture)), Everything(records));
        Assert.Equal(3000, packets.Packets);
        Assert.Equal(3000, packets.Analyzer.Frames);
    }

    [Theory]
    [InlineData(LinkType.Ethernet, "", false)]
    [InlineData(LinkType.Ethernet, "", true)]
    [InlineData(LinkType.Ethernet, "88A8000181000002", false)]
    [InlineData(LinkType.LinuxSll2, "", true)]
    public void Cut_packets_without_a_length_have_that_of_their_IP_header(int linkType, string tags, bool ipv6)
    {
        string script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(1000)\nS:ACK\nS:DATA(900)\nC:ACK\nC:FIN\nS:FIN\nC:ACK\n";
        using PacketAnalysis packets = new("name");
        foreach ((_, long time, _, _, byte[] whole) in Analyze.Frames(CaptureBytes.Pcap(PacketScript.Build(script, ipv6), magic: 0xA1B23C4D)))
        {
            byte[] data = [.. linkType == LinkType.Ethernet ? whole[..12] : [], .. Convert.FromHexString(tags), .. whole[12..14], .. linkType == LinkType.Ethernet ? [] : new byte[18], .. whole[14..]];
            byte[] cut = data[..Math.Min(data.Length, 96)];
            packets.Add(cut, time, linkType, cut.Length);
            Assert.Empty(Final(packets));
        }

        packets.Complete();
        ConnectionClose record = Assert.Single(Final(packets));
        Assert.Equal((1000, 900, CaptureQuality.Snapped), (record.ClientBytes, record.ServerBytes, record.CaptureQuality));
        Assert.Equal(Cause.NormalClose, record.Cause);
    }

    [Fact]
    public void Record_comes_out_with_the_packet_that_makes_it_final()
    {
        string script = Refused + "+4 C:SYN\n+2 S:SYN-ACK\n";
        using PacketAnalysis packets = new("name", new AnalyzerOptions { Linger = TimeSpan.FromSeconds(5) });
        int[] counts = [.. Frames(script).Select(frame => Feed(packets, frame).Count)];
        Assert.Equal([0, 0, 0, 1], counts);
        Assert.Empty(Final(packets));
        packets.Complete();
        Assert.Single(Final(packets));
        Assert.Empty(Final(packets));
    }

    [Fact]
    public void Packets_without_a_segment_return_immediately_and_do_not_advance_the_time()
    {
        using PacketAnalysis packets = new("name", new AnalyzerOptions { Linger = TimeSpan.FromSeconds(5) });
        Assert.All(Frames(Refused), frame => Assert.Empty(Feed(packets, frame)));
        packets.Add(new byte[60], 1_800_000_000_000_000_000, LinkType.Ethernet, 60);
        Assert.Empty(Final(packets));
        packets.Complete();
        Assert.Equal(CloseStateOf(Refused), Assert.Single(Final(packets)).State.ToString());
    }

    [Fact]
    public void Records_with_other_causes_are_skipped()
    {
        using PacketAnalysis packets = new("name", new AnalyzerOptions { Linger = TimeSpan.Zero, Filter = new RecordFilter { Causes = [Cause.StillOpen] } });
        Assert.All(Frames(Refused + "+1 C:SYN\nS:SYN-ACK\nC:ACK\n"), frame => Assert.Empty(Feed(packets, frame)));
        packets.Complete();
        Assert.Equal(Cause.StillOpen, Assert.Single(Final(packets)).Cause);
    }

    [Fact]
    public void Skipped_packets_are_counted()
    {
        using PacketAnalysis packets = new("name");
        packets.Skip();
        Assert.All(Frames(Refused), frame => Assert.Empty(Feed(packets, frame)));
        packets.Complete();
        ConnectionClose record = Assert.Single(Final(packets));
        Assert.Equal((2, 3, 3), (record.FirstFrame, record.LastFrame, packets.Packets));
        Assert.Equal(2, packets.Analyzer.Frames);
    }

    [Theory]
    [InlineData(DataLinkRaw)]
    [InlineData(LinkType.Raw)]
    public void Link_types_of_files_and_of_libpcap_are_accepted(int linkType)
    {
        using PacketAnalysis packets = new("name");
        foreach ((_, long time, _, _, byte[] data) in Frames("C:SYN\n"))
        {
            packets.Add(data.AsMemory(14), time, linkType, 0); // without the Ethernet header
            Assert.Empty(Final(packets));
        }

        packets.Complete();
        Assert.Equal(1, Assert.Single(Final(packets)).Packets);
    }

    [Fact]
    public void Link_type_that_is_not_decoded_is_a_problem()
    {
        using PacketAnalysis packets = new("name");
        packets.Add(new byte[60], 0, 147, 60);
        packets.Complete();
        Assert.Empty(Final(packets));
        Assert.Equal(CaptureProblemId.LinkTypeUnsupported, packets.Analyzer.FindProblem("name")!.Id);
    }

    [Fact]
    public void One_packet_is_held_at_a_time()
    {
        using PacketAnalysis packets = new("name");
        packets.Add(new byte[60], 0, LinkType.Ethernet, 60);
        Assert.Throws<InvalidOperationException>(() => packets.Add(new byte[60], 0, LinkType.Ethernet, 60));
        Assert.Empty(Final(packets));
        packets.Add(new byte[60], 0, LinkType.Ethernet, 60);
        packets.Complete();
        Assert.Throws<InvalidOperationException>(() => packets.Add(new byte[60], 0, LinkType.Ethernet, 60));
        Assert.Empty(Final(packets));
        Assert.Equal(2, packets.Analyzer.Frames);
    }

    [Fact]
    public void Packets_beyond_the_bounds_are_refused()
    {
        using PacketAnalysis packets = new("name");
        Assert.Throws<ArgumentOutOfRangeException>(() => packets.Add(new byte[PacketAnalysis.MaxPacketLength + 1], 0, LinkType.Ethernet, 60));
        Assert.Throws<ArgumentOutOfRangeException>(() => packets.Add(new byte[60], -1, LinkType.Ethernet, 60));
        Assert.Equal(0, packets.Packets);
    }

    [Fact]
    public void Cancellation_works()
    {
        using PacketAnalysis packets = new("name");
        Assert.Throws<OperationCanceledException>(() => packets.TryNext(out _, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("Ethernet", LinkType.Ethernet)]
    [InlineData("LINUXSLL2", LinkType.LinuxSll2)]
    [InlineData("RawLegacy", LinkType.Raw)]
    [InlineData("Ieee80211_Radio", LinkType.Radiotap)]
    public void Link_types_have_names(string name, int expected)
    {
        Assert.True(LinkTypeName.TryParse(name, out int linkType));
        Assert.Equal(expected, linkType);
        Assert.False(LinkTypeName.TryParse(name + "s", out _));
    }

    private static List<(long Number, long Time, int LinkType, int OriginalLength, byte[] Data)> Frames(string script) =>
        Analyze.Frames(CaptureBytes.Pcap(PacketScript.Build(script), magic: 0xA1B23C4D));

    private static string CloseStateOf(string script) => PacketScript.One(script).State.ToString();

    private static List<ConnectionClose> Feed(PacketAnalysis packets, (long Number, long Time, int LinkType, int OriginalLength, byte[] Data) frame)
    {
        packets.Add(frame.Data, frame.Time, frame.LinkType, frame.OriginalLength);
        return Final(packets);
    }

    private static List<ConnectionClose> Final(PacketAnalysis packets)
    {
        List<ConnectionClose> records = [];
        while (packets.TryNext(out ConnectionClose? record))
            records.Add(record);
        return records;
    }

    /// <summary>One line per record, with the columns of the command line and the details.</summary>
    private static string[] Everything(IEnumerable<ConnectionClose> records)
    {
        using MemoryStream output = new();
        RecordWriter writer = RecordWriter.Create(OutputFormat.Json, output);
        writer.Begin();
        foreach (ConnectionClose record in records)
            writer.Write([record]);
        writer.Flush();
        string[] lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return Array.ConvertAll(lines, line => line[line.IndexOf("\"Stream\"", StringComparison.Ordinal)..]);
    }
}
