using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Module;

public sealed class CaptureReadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Records_come_first_and_then_no_problem()
    {
        using CaptureReading reading = Read(Capture("refused-connect.pcap"));
        Assert.True(reading.TryNext(out _));
        Assert.True(reading.TryNext(out _));
        Assert.False(reading.TryNext(out _));
        Assert.Null(reading.Problem);
        Assert.StartsWith("4 frames", reading.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_file_is_a_problem_and_no_exception()
    {
        using CaptureReading reading = Read(Path.Combine(_folder, "none.pcap"));
        Assert.False(reading.TryNext(out _));
        Assert.Equal(CaptureProblemId.CaptureNotFound, reading.Problem!.Id);
        Assert.IsType<FileNotFoundException>(reading.Cause);
        Assert.Null(reading.Summary);
    }

    [Fact]
    public void Empty_file_is_a_problem()
    {
        string path = Path.Combine(_folder, "empty.pcap");
        File.WriteAllBytes(path, []);
        using CaptureReading reading = Read(path);
        Assert.False(reading.TryNext(out _));
        Assert.Equal(CaptureProblemId.CaptureEmpty, reading.Problem!.Id);
    }

    [Fact]
    public void Truncated_file_gives_its_records_and_then_a_warning()
    {
        string path = Path.Combine(_folder, "cut.pcap");
        byte[] whole = File.ReadAllBytes(Capture("graceful-close.pcap"));
        File.WriteAllBytes(path, whole[..^10]);
        using CaptureReading reading = Read(path);
        Assert.True(reading.TryNext(out _));
        Assert.False(reading.TryNext(out _));
        Assert.True(reading.Problem!.IsWarning);
        Assert.Contains("byte offset", reading.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(50, 200L, 25)]
    [InlineData(300, 200L, 100)]
    [InlineData(50, null, -1)]
    [InlineData(0, 0L, -1)]
    public void Percentage_is_of_the_file_and_unknown_of_a_pipe(long position, long? length, int expected) =>
        Assert.Equal(expected, ReadingProgress.Percent(position, length));

    private static CaptureReading Read(string path) => new(path, new AnalyzerOptions(), CancellationToken.None);

    private static string Capture(string name) => Path.Combine(ModuleFiles.Root, "tests", "captures", name);
}
