using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Captures;

namespace BrokenPipeTools.Tests.Analysis;

/// <summary>A large file gives the same records, whichever threads decode it.</summary>
public sealed class SharedSegmentReaderTests : IDisposable
{
    private const int Frames = 60_000; // more than the 4 MB from which on a file is decoded ahead

    private readonly string _capture = Path.GetTempFileName();

    public SharedSegmentReaderTests() => File.WriteAllBytes(_capture, new RandomCapture(11).Make(Frames));

    public void Dispose() => File.Delete(_capture);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_records_do_not_depend_on_the_threads_that_decode(int helpers)
    {
        string[] expected = Records(new AnalyzerOptions(), out Exception? none);
        Assert.Null(none);
        Assert.InRange(expected.Length, 1000, Frames);
        Assert.Equal(expected, RecordsWith(helpers, out Exception? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Damage_is_found_at_the_same_place_after_the_same_records(int helpers)
    {
        using (FileStream file = File.OpenWrite(_capture))
            file.SetLength(file.Length - 5);
        string[] expected = Records(new AnalyzerOptions(), out Exception? damage);
        long offset = Assert.IsType<CaptureFormatException>(damage).Offset;
        Assert.Equal(expected, RecordsWith(helpers, out Exception? fault));
        Assert.Equal(offset, Assert.IsType<CaptureFormatException>(fault).Offset);
    }

    [Fact]
    public void Help_is_bounded_wanted_if_little_is_decoded_and_ends_with_the_capture()
    {
        DecodingAhead ahead = new();
        int wanted = 0;
        ahead.Wanted += () => wanted++;
        Assert.False(ahead.TryDecode()); // nothing is open
        using (CloseAnalyzer analyzer = CloseAnalyzer.Open(_capture, new AnalyzerOptions { Ahead = ahead }))
        {
            int decoded = 0;
            while (ahead.TryDecode())
                decoded++;
            Assert.InRange(decoded, 1, 16); // the capture has more
            Assert.Equal(0, analyzer.Frames);
            Assert.True(analyzer.TryNext(out _));
            int before = wanted;
            while (analyzer.TryNext(out _))
            {
            }

            Assert.True(wanted > before);
            Assert.Equal(Frames, analyzer.Frames);
            Assert.False(ahead.TryDecode()); // nothing is left
        }

        using (CloseAnalyzer.Open(_capture, new AnalyzerOptions { Ahead = ahead }))
            Assert.True(ahead.TryDecode());
        Assert.False(ahead.TryDecode()); // closed
    }

    [Fact]
    public async Task A_capture_may_be_closed_while_a_thread_helps()
    {
        DecodingAhead ahead = new();
        using CancellationTokenSource stop = new();
        int helped = 0;
        Task helping = Task.Run(() => Help(ahead, stop.Token, () => Interlocked.Increment(ref helped)));
        while (Volatile.Read(ref helped) < 50)
        {
            using CloseAnalyzer analyzer = CloseAnalyzer.Open(_capture, new AnalyzerOptions { Ahead = ahead });
            Assert.True(analyzer.TryNext(out _));
        }

        await stop.CancelAsync();
        await helping;
    }

    [Fact]
    public void A_canceled_reading_ends_the_help_and_is_reported_by_the_reading()
    {
        using CancellationTokenSource stop = new();
        DecodingAhead ahead = new();
        using CloseAnalyzer analyzer = new(new WatchedSource(CaptureFile.Open(_capture), stop.Token.ThrowIfCancellationRequested), new AnalyzerOptions { Ahead = ahead });
        Assert.True(ahead.TryDecode());
        stop.Cancel();
        Assert.False(ahead.TryDecode());
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (analyzer.TryNext(out _))
            {
            }
        });
    }

    private string[] RecordsWith(int helpers, out Exception? fault)
    {
        DecodingAhead ahead = new();
        using CancellationTokenSource stop = new();
        Task[] helping = [.. Enumerable.Range(0, helpers).Select(_ => Task.Run(() => Help(ahead, stop.Token)))];
        try
        {
            return Records(new AnalyzerOptions { Ahead = ahead }, out fault);
        }
        finally
        {
            stop.Cancel();
            Task.WaitAll(helping);
        }
    }

    private static void Help(DecodingAhead ahead, CancellationToken stop, Action? helped = null)
    {
        while (!stop.IsCancellationRequested)
        {
            if (ahead.TryDecode())
                helped?.Invoke();
            else
                Thread.Yield();
        }
    }

    private string[] Records(AnalyzerOptions options, out Exception? fault)
    {
        List<string> lines = [];
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(_capture, options);
        while (analyzer.TryNext(out ConnectionClose? close))
            lines.Add($"{close.Stream} {close} {close.Sequence} {close.ZeekHistory} {close.Packets} {close.Duplicates} {close.Explanation}");
        fault = analyzer.Fault;
        return [.. lines];
    }
}
