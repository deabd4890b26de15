using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Capture;

/// <summary>The files of a ring buffer, read as one, give the same records as the capture that was split into them.</summary>
public sealed partial class CaptureSeriesTests : IDisposable
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-series-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(11, 7)]
    [InlineData(12, 100)]
    [InlineData(13, 2999)]
    public void The_records_of_a_series_are_those_of_the_whole_capture_except_for_path_and_filter(int seed, int framesPerFile)
    {
        byte[] whole = new RandomCapture(seed).Make(frames: 3000);
        List<RawFrame> frames = [.. Analyze.Frames(whole).Select(f => new RawFrame(f.Data) { Time = f.Time, OriginalLength = f.OriginalLength })];
        string[] files = [.. frames.Chunk(framesPerFile).Select((chunk, i) => Write($"ring_{i:D5}", i % 2 == 0 ? CaptureBytes.Pcap(chunk, magic: 0xA1B23C4D) : CaptureBytes.Gzip(CaptureBytes.Pcap(chunk, magic: 0xA1B23C4D))))];
        string path = Write("whole.pcap", whole);
        using CaptureSeries series = new(files);
        Assert.Equal(Everything(CaptureFile.Open(path), path), Everything(series, files[0]));
        Assert.Empty(series.Faults);
        Assert.Null(series.FirstOutOfOrder);
        Assert.Equal(files.Sum(f => new FileInfo(f).Length), series.Length);
        Assert.Equal(series.Length, series.Position);
    }

    [Fact]
    public void File_that_cannot_be_read_is_noted_and_the_next_one_is_read()
    {
        RawFrame[] frames = [.. PacketScript.Build(Script)];
        byte[] cut = CaptureBytes.Pcap(frames[3..6])[..^3];
        string[] files =
        [
            Write("1", CaptureBytes.Pcap(frames[..3])), Write("2", cut), Path.Combine(_folder, "3"), Write("4", "no capture"u8.ToArray()), Write("5", []), Write("6", CaptureBytes.Pcap(frames[6..])),
        ];
        CaptureSeries series = new(files);
        using CloseAnalyzer analyzer = new(series);
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.False(analyzer.TryNext(out _));
        Assert.Null(analyzer.Fault);
        Assert.Equal((8, 1, 8), (record.Packets, record.FirstFrame, record.LastFrame));
        Assert.Equal(
            [(CaptureProblemId.CaptureTruncated, files[1]), (CaptureProblemId.CaptureNotFound, files[2]), (CaptureProblemId.CaptureFormatUnknown, files[3]), (CaptureProblemId.CaptureEmpty, files[4])],
            series.Faults.Select(fault => (CaptureProblem.From(fault.Reason, fault.Path).Id, fault.Path)));
    }

    /// <summary>The connection ends in the first file, so its packets in the second file would be another connection.</summary>
    [Theory]
    [InlineData(0, 5, true)]
    [InlineData(5, 0, true)]
    [InlineData(0, 9, false)]
    public void Captures_of_the_same_time_are_no_series(int first, int second, bool isWarning)
    {
        RawFrame[] frames = [.. PacketScript.Build(string.Join('\n', Enumerable.Range(0, 9).Select(i => $"+1 C:SYN conn={i}")))];
        string[] files = [Write("a", CaptureBytes.Pcap(Shift(first))), Write("b", CaptureBytes.Pcap(Shift(second)))];
        using CaptureSeries series = new(files);
        while (series.TryRead(out _))
        {
            // Only the reported order is tested.
        }

        CaptureProblem? problem = CaptureProblem.OrderOf(series);
        Assert.Equal(isWarning ? CaptureProblemId.CaptureOutOfOrder : null, problem?.Id);
        Assert.Equal(isWarning ? files[1] : null, problem?.Path);
        IEnumerable<RawFrame> Shift(int seconds) => frames.Select(frame => frame with { Time = frame.Time + (seconds * Nanoseconds.PerSecond) });
    }

    [Fact]
    public void Frames_that_are_a_little_late_and_frames_without_a_time_are_not_reported_as_out_of_order()
    {
        RawFrame frame = new([1, 2, 3]);
        string[] files =
        [
            Write("1", [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.EnhancedPacket(frame), .. CaptureBytes.EnhancedPacket(frame with { Time = frame.Time + 500_000_000 })]),
            Write("2", [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.SimplePacket(frame), .. CaptureBytes.EnhancedPacket(frame with { Time = frame.Time + 400_000_000 })]),
            Write("3", [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.SimplePacket(frame)]),
        ];
        using CaptureSeries series = new(files);
        while (series.TryRead(out _))
        {
            // Only the reported order is tested.
        }

        Assert.Null(CaptureProblem.OrderOf(series));
    }

    [Fact]
    public void File_that_begins_before_the_previous_one_is_reported()
    {
        RawFrame[] frames = [.. PacketScript.Build(Script)];
        string[] files = [Write("1", CaptureBytes.Pcap(frames[..3])), Write("10", CaptureBytes.Pcap(frames[6..])), Write("2", CaptureBytes.Pcap(frames[3..6]))];
        using CaptureSeries series = new(files);
        while (series.TryRead(out _))
        {
            // Only the reported order is tested.
        }

        CaptureProblem? problem = CaptureProblem.OrderOf(series);
        Assert.NotNull(problem);
        Assert.Equal((CaptureProblemId.CaptureOutOfOrder, files[2], true), (problem.Id, problem.Path, problem.IsWarning));
    }

    [Fact]
    public void Frames_that_the_capturing_program_lost_are_summed_over_the_files()
    {
        RawFrame frame = PacketScript.Build("C:SYN")[0];
        byte[] Lossy(ushort drops) => [.. CaptureBytes.Section(), .. CaptureBytes.InterfaceBlock(), .. CaptureBytes.ObsoletePacket(frame, drops: drops)];
        using CaptureSeries series = new([Write("1", Lossy(3)), Write("2", Lossy(4))]);
        Assert.True(series.TryRead(out _));
        Assert.Equal(3, series.DroppedFrames);
        Assert.True(series.TryRead(out _));
        Assert.False(series.TryRead(out _));
        Assert.Equal(7, series.DroppedFrames);
    }

    /// <summary>One line per record, with the columns of the command line and the details.</summary>
    private static List<string> Everything(ICaptureSource source, string path)
    {
        using MemoryStream output = new();
        RecordWriter writer = RecordWriter.Create(OutputFormat.Json, output);
        writer.Begin();
        using CloseAnalyzer analyzer = new(source);
        while (analyzer.TryNext(out ConnectionClose? record))
        {
            Assert.Equal(path, record.Path);
            writer.Write([record]);
        }

        writer.Flush();
        string json = System.Text.Encoding.UTF8.GetString(output.ToArray()).Replace($"\"Path\":\"{path}\"", "", StringComparison.Ordinal);
        return [.. Filter().Replace(json, "").Split('\n')];
    }

    /// <summary>The files of a series have other stream numbers than the whole capture.</summary>
    [GeneratedRegex("\"WiresharkFilter\":\"[^\"]*\"")]
    private static partial Regex Filter();

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
