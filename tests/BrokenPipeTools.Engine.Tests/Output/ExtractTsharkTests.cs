using System.Globalization;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Output;

/// <summary>tshark reads the same from an extract as from the whole capture with its own filter.</summary>
public sealed class ExtractTsharkTests : IDisposable
{
    private static readonly string[] Fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "tcp.seq_raw", "tcp.flags", "tcp.srcport"];

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-extract-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TsharkTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_extract_has_the_frames_of_its_streams(int seed)
    {
        string whole = Path.Combine(_folder, "whole.pcap");
        File.WriteAllBytes(whole, new RandomCapture(seed).Make(frames: 1500));
        string extract = Path.Combine(_folder, "extract.pcapng");
        HashSet<string> fragmented = [.. Tshark.Run(["-n", "-r", whole, "-Y", "ip.fragment or ipv6.fragment", "-T", "fields", "-e", "tcp.stream"])]; // the help names this limit
        ConnectionClose[] chosen = [.. Analyze.File(whole).Where(record => record.Stream % 2 == 0 && !fragmented.Contains(record.Stream.ToString(CultureInfo.InvariantCulture)))];
        Assert.True(chosen.Length > 20);
        using (RecordExport export = new(extract, overwrite: false))
        {
            Assert.All(chosen, record => Assert.True(export.TryAdd(record)));
            Assert.Empty(export.Complete(CaptureFile.Open));
        }

        string filter = string.Join(" or ", chosen.Select(record => string.Create(CultureInfo.InvariantCulture, $"tcp.stream eq {record.Stream}")));
        Assert.Equal(Frames(whole, $"tcp and not icmp and not icmpv6 and ({filter})"), Frames(extract, "tcp and not icmp and not icmpv6"));
        Assert.Equal(chosen.Length, Frames(extract, "frame.comment contains \"stream \"").Length);
        Assert.Equal(
            chosen.SelectMany(record => record.Evidence.Select(evidence => evidence.Frame)).Distinct().Count(),
            Frames(extract, "frame.comment contains \" of whole.pcap: \" and frame.comment matches \"(^|\\n)frame [0-9]+ of\"").Length);
    }

    private static string[] Frames(string path, string filter) =>
        Tshark.Run(["-n", "-r", path, "-Y", filter, "-T", "fields", .. Fields.SelectMany(field => (string[])["-e", field])]);
}
