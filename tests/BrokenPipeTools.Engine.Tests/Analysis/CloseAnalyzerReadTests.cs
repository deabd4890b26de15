using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Analysis;

/// <summary>The records of a capture as a sequence, synchronous and asynchronous.</summary>
public sealed class CloseAnalyzerReadTests : IDisposable
{
    private static readonly string Captures = RepositoryFiles.Captures;

    private readonly string _damaged = Path.GetTempFileName();

    public void Dispose() => File.Delete(_damaged);

    [Fact]
    public async Task Read_and_ReadAsync_give_the_records_of_the_analyzer()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(Captures, "public"), "*.pcap*").Order().Take(40).Append(Path.Combine(Captures, "graceful-close.pcap")))
        {
            string[] expected = [.. Records(path)];
            Assert.Equal(expected, CloseAnalyzer.Read(path).Select(Line));
            List<string> read = [];
            await foreach (ConnectionClose close in CloseAnalyzer.ReadAsync(path))
                read.Add(Line(close));
            Assert.Equal(expected, read);
        }
    }

    [Fact]
    public async Task The_exception_for_damage_comes_after_the_records_before_it()
    {
        File.WriteAllBytes(_damaged, File.ReadAllBytes(Path.Combine(Captures, "close-with-unread-data.pcap"))[..^5]);
        List<ConnectionClose> read = [];
        CaptureFormatException fault = Assert.Throws<CaptureFormatException>(() =>
        {
            foreach (ConnectionClose close in CloseAnalyzer.Read(_damaged))
                read.Add(close);
        });
        Assert.NotEmpty(read);
        Assert.Equal(_damaged, fault.Name);

        int count = 0;
        CaptureFormatException again = await Assert.ThrowsAsync<CaptureFormatException>(async () =>
        {
            await foreach (ConnectionClose _ in CloseAnalyzer.ReadAsync(_damaged))
                count++;
        });
        Assert.Equal((read.Count, fault.Offset), (count, again.Offset));
    }

    [Fact]
    public async Task A_read_can_be_canceled_and_abandoned()
    {
        string path = Path.Combine(Captures, "graceful-close.pcap");
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ConnectionClose _ in CloseAnalyzer.ReadAsync(path, cancellation: stop.Token))
            {
            }
        });
        Assert.NotNull(CloseAnalyzer.Read(path).First()); // the rest is not read
        Assert.Throws<FileNotFoundException>(() => CloseAnalyzer.Read(path + ".gone").ToList());
    }

    private static IEnumerable<string> Records(string path)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(path);
        while (analyzer.TryNext(out ConnectionClose? record))
            yield return Line(record);
    }

    private static string Line(ConnectionClose close) => $"{close} {close.Explanation}";
}
