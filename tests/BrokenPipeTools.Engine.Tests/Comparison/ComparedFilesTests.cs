using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Comparison;

/// <summary>Files with several interfaces, and files with damage in the middle.</summary>
public sealed class ComparedFilesTests
{
    private const int Connections = 8;
    private const int Ethernet = 14;
    private const byte Nanoseconds = 9; // if_tsresol

    /// <summary>Ordinary connections, one new connection each tenth of a second.</summary>
    private static readonly List<RawFrame> Frames = [.. Enumerable.Range(0, Connections).SelectMany(at => PacketScript.Build(string.Concat(
        new[] { "C:SYN", "S:SYN-ACK", "C:ACK", "C:DATA(5)", "S:DATA(700)", "C:ACK", "+1 C:FIN", "S:FIN", "C:ACK" }.Select(line => $"{line} conn={at}\n")))
        .Select(frame => frame with { Time = frame.Time + (at * 2_000_000_000) }))];

    /// <summary>A host with two links captures the packets of a connection on both, and each link may have another link type.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Connections_of_several_interfaces_are_consistent(bool ofServer)
    {
        byte[] one = CaptureBytes.Pcap(AtServer(Frames, !ofServer), magic: 0xA1B23C4D);
        byte[] several = Several(AtServer(Frames, ofServer).Select((frame, at) => frame with { Interface = at % 2 }));
        List<ConnectionComparison> all = ofServer ? Compare(one, several) : Compare(several, one);
        Assert.Equal(Connections, all.Count);
        Assert.All(all, pair => Assert.Equal(ComparisonVerdict.Consistent, pair.Verdict));
    }

    /// <summary>A bridge and its port, or the interface any: each packet is captured twice.</summary>
    [Fact]
    public void Packets_captured_on_two_interfaces_cause_no_verdict_against_a_device()
    {
        byte[] twice = Several(Frames.SelectMany(frame => new[] { frame, frame with { Interface = 1, Time = frame.Time + 2_000 } }));
        List<ConnectionComparison> all = Compare(twice, CaptureBytes.Pcap(AtServer(Frames, true), magic: 0xA1B23C4D));
        Assert.Equal(Connections, all.Count);
        Assert.All(all, pair => Assert.Contains(pair.Verdict, new[] { ComparisonVerdict.Consistent, ComparisonVerdict.Undetermined }));
    }

    /// <summary>After the damage the capture has no packets: later packets of the other capture were not lost.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_capture_that_is_damaged_in_the_middle_causes_no_verdict_against_a_device(bool ofServer)
    {
        byte[] whole = CaptureBytes.Pcap(AtServer(Frames, !ofServer), magic: 0xA1B23C4D);
        byte[] other = CaptureBytes.Pcap(AtServer(Frames, ofServer), magic: 0xA1B23C4D);
        const int FileHeader = 24, RecordHeader = 16, CapturedAt = 8;
        int faults = 0;
        for (int at = FileHeader; at < other.Length; at += RecordHeader + BitConverter.ToInt32(other, at + CapturedAt))
        {
            byte[] damaged = [.. other];
            damaged.AsSpan(at, RecordHeader).Fill(0xEE);
            List<ConnectionComparison> all = ofServer ? Compare(whole, damaged) : Compare(damaged, whole);
            Assert.All(all, pair => Assert.True(pair.Verdict is ComparisonVerdict.Consistent or ComparisonVerdict.Undetermined, $"damaged at byte {at}: {pair} {pair.Explanation}"));
            faults += Faults(damaged);
        }

        Assert.Equal(Frames.Count, faults);
    }

    private static int Faults(byte[] capture)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), "damaged.pcap"));
        Analyze.Records(analyzer);
        return analyzer.Fault is null ? 0 : 1;
    }

    /// <summary>Ethernet with microseconds, and bare IP with nanoseconds.</summary>
    private static byte[] Several(IEnumerable<RawFrame> frames) =>
    [
        .. CaptureBytes.Section(),
        .. CaptureBytes.InterfaceBlock(),
        .. CaptureBytes.InterfaceBlock(linkType: 101, resolution: Nanoseconds),
        .. frames.SelectMany(frame => frame.Interface == 0 ? CaptureBytes.EnhancedPacket(frame) : CaptureBytes.EnhancedPacket(frame with { Data = frame.Data[Ethernet..] }, ticks: (ulong)frame.Time)),
    ];

    private static IEnumerable<RawFrame> AtServer(List<RawFrame> frames, bool isServer) =>
        frames.Select(frame => !isServer ? frame : frame with { Time = frame.Time + (frame.Data[Ethernet + 15] == 1 ? 300_000 : -300_000) });

    private static List<ConnectionComparison> Compare(byte[] reference, byte[] difference)
    {
        CaptureComparison comparison = new();
        Records(reference, "client.pcap").ForEach(record => comparison.AddReference(record));
        Records(difference, "server.pcap").ForEach(record => comparison.AddDifference(record));
        return [.. comparison.Compare(path => CaptureFile.Open(new MemoryStream(path == "client.pcap" ? reference : difference), path))];
    }

    private static List<ConnectionClose> Records(byte[] capture, string path)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), path));
        return Analyze.Records(analyzer);
    }
}
