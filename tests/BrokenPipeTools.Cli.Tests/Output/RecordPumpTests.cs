using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Captures;

namespace BrokenPipeTools.Tests.Output;

/// <summary>The thread that writes records: their order, and its help with decoding.</summary>
public sealed class RecordPumpTests : IDisposable
{
    private const int Frames = 60_000;

    private readonly string _capture = Path.GetTempFileName();

    public RecordPumpTests() => File.WriteAllBytes(_capture, new RandomCapture(12).Make(Frames));

    public void Dispose() => File.Delete(_capture);

    [Fact]
    public void Records_are_written_in_their_order_and_the_idle_writing_thread_decodes()
    {
        List<string> expected = [.. CloseAnalyzer.Read(_capture).Select(Line)];
        int follower = Environment.CurrentManagedThreadId;
        using ManualResetEventSlim helped = new();
        using WatchedSource source = new(CaptureFile.Open(_capture), () =>
        {
            if (Environment.CurrentManagedThreadId != follower)
                helped.Set();
        });
        DecodingAhead ahead = new();
        List<string> written = [];
        using RecordPump pump = new(new RecordTaker(record => written.Add(Line(record))), new RecordPool(), ahead);
        using CloseAnalyzer analyzer = new(source, new AnalyzerOptions { Ahead = ahead });
        while (analyzer.TryNextPending(out PendingClose pending, CancellationToken.None))
        {
            pump.Add(pending);
            helped.Wait(TimeSpan.FromMilliseconds(20)); // gives the other thread a chance, until it has helped once
        }

        pump.Complete();
        Assert.Equal(expected, written);
        Assert.True(helped.IsSet);
    }

    [Fact]
    public void A_failure_of_the_writer_reaches_the_thread_that_adds_records()
    {
        DecodingAhead ahead = new();
        using RecordPump pump = new(new RecordTaker(_ => throw new OutputClosedException(new IOException())), pool: null, ahead);
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(_capture, new AnalyzerOptions { Ahead = ahead });
        Assert.Throws<OutputClosedException>(() =>
        {
            while (analyzer.TryNextPending(out PendingClose pending, CancellationToken.None))
                pump.Add(pending);
            pump.Complete();
        });
    }

    private static string Line(ConnectionClose close) => $"{close.Stream} {close} {close.Sequence} {close.Packets} {close.Explanation}";
}
