using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Reports;

/// <summary>A connection that was open when frames were lost may have continued in them.</summary>
public sealed class CutShortTests
{
    private const string Closed = "C:SYN\nS:SYN-ACK\nC:ACK\nS:FIN\nC:FIN\nS:ACK\n";
    private const string Open = "C:SYN conn=1\nS:SYN-ACK conn=1\nC:ACK conn=1\nC:DATA(5) conn=1\nS:FIN conn=1\nC:ACK conn=1\n";

    private static readonly byte[] Whole = CaptureBytes.Pcap(PacketScript.Build(Closed + Open + "C:SYN conn=2"));

    [Fact]
    public void In_a_complete_capture_no_connection_is_cut_short() => Assert.Equal([CaptureQuality.Complete, CaptureQuality.Complete, CaptureQuality.Complete], Qualities(Whole));

    [Fact]
    public void A_capture_cut_in_a_frame_cuts_the_open_connections_short() =>
        Assert.Equal([CaptureQuality.Complete, CaptureQuality.CutShort], Qualities(Whole[..^5]));

    [Fact]
    public void A_damaged_length_cuts_the_open_connections_short()
    {
        byte[] damaged = [.. Whole, .. Enumerable.Repeat((byte)0xFF, 32)];
        Assert.Equal([CaptureQuality.Complete, CaptureQuality.CutShort, CaptureQuality.CutShort], Qualities(damaged));
    }

    [Fact]
    public void Gzip_data_that_end_early_cut_the_open_connections_short()
    {
        byte[] gzip = CaptureBytes.Gzip(Whole);
        Assert.Contains(CaptureQuality.CutShort, Qualities(gzip[..^12]));
        Assert.DoesNotContain(CaptureQuality.CutShort, Qualities(gzip));
    }

    [Fact]
    public void In_a_series_the_connections_that_are_open_at_the_loss_are_cut_short()
    {
        Dictionary<string, byte[]> files = new()
        {
            ["1"] = CaptureBytes.Pcap(PacketScript.Build(Closed + Open))[..^5],
            ["2"] = CaptureBytes.Pcap([.. PacketScript.Build(Closed + Open + "C:SYN conn=2\nS:RST-ACK conn=2")[10..]]),
        };
        using CloseAnalyzer analyzer = new(new CaptureSeries(["1", "2"], name => CaptureFile.Open(new MemoryStream(files[name]), name)));
        List<CaptureQuality> qualities = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            qualities.Add(record.CaptureQuality);
        Assert.Equal([CaptureQuality.Complete, CaptureQuality.CutShort | CaptureQuality.Duplicates, CaptureQuality.Complete], qualities); // the files overlap
    }

    /// <summary>Frames are read ahead of the connections: CaptureQuality must not depend on how far ahead.</summary>
    [Fact]
    public void A_loss_that_comes_after_a_connection_was_replaced_does_not_cut_it_short()
    {
        const string Replaced = "C:SYN\nS:SYN-ACK\nC:ACK\nC:SYN seq=5000000\n";
        string more = string.Concat(Enumerable.Repeat("C:DATA(5) conn=1\n", 50));
        Dictionary<string, byte[]> files = new()
        {
            ["1"] = CaptureBytes.Pcap(PacketScript.Build(Replaced + "C:SYN conn=1\nS:SYN-ACK conn=1\n" + more))[..^5],
            ["2"] = CaptureBytes.Pcap(PacketScript.Build("C:SYN conn=2\nS:RST-ACK conn=2")),
        };
        using CloseAnalyzer analyzer = new(new CaptureSeries(["1", "2"], name => CaptureFile.Open(new MemoryStream(files[name]), name)));
        List<(int Stream, bool IsCutShort)> cut = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            cut.Add((record.Stream, record.CaptureQuality.HasFlag(CaptureQuality.CutShort)));
        Assert.Equal([(0, false), (1, true), (2, true), (3, false)], cut);
    }

    private static List<CaptureQuality> Qualities(byte[] capture) => [.. Analyze.Bytes(capture).Select(r => r.CaptureQuality)];
}
