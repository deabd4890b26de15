using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Analysis;

/// <summary>A run of several inputs: if one of them has any problem, the next one is read anyway.</summary>
public sealed class CaptureRunTests : IDisposable
{
    private const string Refused = "C:SYN\nS:RST-ACK";

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-run-").FullName;
    private readonly Recorder _output = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Records_come_first_then_the_summary()
    {
        Run().Read(Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Refused))));
        Assert.Equal(["Refused", "2 frames, 2 TCP segments"], _output.Lines);
    }

    [Fact]
    public void Every_input_with_a_problem_is_followed_by_the_next_one()
    {
        byte[] good = CaptureBytes.Pcap(PacketScript.Build(Refused));
        string[] inputs = ["", "a\0b", Path.Combine(_folder, "none.pcap"), _folder, Write("empty.pcap", []), Write("text.pcap", "hello, world"u8.ToArray()), Write("cut.pcap", good[..^3])];
        CaptureRun run = Run();
        foreach (string input in inputs)
            run.Read(input);
        run.Read(Write("good.pcap", good));
        Assert.Equal(
            ["CaptureNotFound", "CaptureNotFound", "CaptureNotFound", "CaptureIsDirectory", "CaptureEmpty", "CaptureFormatUnknown", "CaptureTruncated"],
            _output.Problems.Select(problem => problem.Id.ToString()));
        Assert.Equal(inputs, _output.Problems.Select(problem => problem.Path));
        Assert.Equal(["Unanswered", "Refused"], _output.Records.Select(record => record.State.ToString()));
    }

    [Fact]
    public void Evicted_connections_cause_one_warning_with_their_number_and_the_parameter()
    {
        string script = string.Join('\n', Enumerable.Range(0, 7).Select(i => $"C:SYN conn={i}"));
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(script)));
        new CaptureRun(_output, new AnalyzerOptions { MaxConnections = 4 }, CancellationToken.None).Read(file);
        Assert.Equal($"{file}: more than 4 connections were open at the same time, so 3 were dropped and are reported as Evicted; --bound raises the limit", _output.Lines[^1]);
        Assert.Equal(9, _output.Lines.Count);

        // If several were last active at the same time, the lowest streams are removed, in every run.
        Assert.Equal([40000, 40001, 40002], _output.Records.Where(r => r.State == BrokenPipeTools.Closing.CloseState.Evicted).Select(r => r.ClientPort));
    }

    [Fact]
    public void An_unexpected_exception_is_a_problem_of_its_input_after_the_records_before_it()
    {
        CaptureRun run = Run();
        run.Capture(new FailingLibrary(PacketScript.Build(Refused)), new LiveCaptureOptions { InterfaceName = "lab0" }, null, overwrite: false, CancellationToken.None);
        run.Read(Write("good.pcap", CaptureBytes.Pcap(PacketScript.Build(Refused))));
        Assert.Equal(["capturing on lab0", "Refused", "2 frames, 2 TCP segments", "CaptureAnalysisFailed", "Refused", "2 frames, 2 TCP segments"], _output.Lines);
        Assert.IsType<ArithmeticException>(Assert.Single(_output.Causes));
    }

    [Fact]
    public void An_unexpected_exception_in_a_file_of_a_series_is_a_problem_of_that_file()
    {
        RawFrame[] frames = [.. PacketScript.Build(Refused)];
        string[] files = [Write("1", CaptureBytes.Pcap(frames[..1])), "", Write("2", CaptureBytes.Pcap(frames[1..]))];
        Run().ReadSeries(files);
        Assert.Equal(["Refused", "2 frames, 2 TCP segments", "CaptureNotFound"], _output.Lines);
    }

    [Fact]
    public void An_exception_of_the_output_is_not_a_problem_of_an_input()
    {
        string file = Write("x.pcap", CaptureBytes.Pcap(PacketScript.Build(Refused)));
        _output.Failing = nameof(Recorder.Write);
        Assert.Throws<TimeZoneNotFoundException>(() => Run().Read(file));
        _output.Failing = nameof(Recorder.Flush);
        Assert.Throws<TimeZoneNotFoundException>(() => Run().Capture(new FailingLibrary([]), new LiveCaptureOptions { InterfaceName = "lab0" }, null, overwrite: false, CancellationToken.None));
        Assert.Empty(_output.Problems);
    }

    [Fact]
    public async Task A_cancellation_ends_it_while_it_waits_for_a_writer()
    {
        if (OperatingSystem.IsWindows())
            return; // which has no FIFOs in the file system
        string fifo = Path.Combine(_folder, "fifo");
        Assert.Equal(0, ChildProgram.Run("mkfifo", fifo).ExitCode);
        using CancellationTokenSource stop = new();
        CaptureRun run = new(_output, new AnalyzerOptions(), stop.Token);
        Task reading = Deadline.Start(() =>
        {
            run.Read(fifo);
            return true;
        }, "the run");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Empty(_output.Lines);

        // Ends the thread that may still be opening the FIFO. A FIFO that is opened only for writing would wait for a reader.
        await using FileStream both = new(fifo, FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public void A_large_file_is_followed_on_another_thread_with_the_same_results_on_this_one()
    {
        string file = Write("large.pcap", new RandomCapture(13).Make(60_000));
        Run().Read(file);
        Recorder shared = new();
        new CaptureRun(shared, Shared, CancellationToken.None).Read(file);
        Assert.Equal(_output.Lines, shared.Lines);
        Assert.Equal(_output.Records.Select(r => $"{r.Stream} {r} {r.Explanation}"), shared.Records.Select(r => $"{r.Stream} {r} {r.Explanation}"));
        Assert.Equal([Environment.CurrentManagedThreadId], shared.Callers);

        using (FileStream cut = File.OpenWrite(file))
            cut.SetLength(cut.Length - 3);
        shared.Lines.Clear();
        new CaptureRun(shared, Shared, CancellationToken.None).Read(file);
        Assert.Equal("CaptureTruncated", shared.Lines[^1]);
    }

    [Theory]
    [InlineData(nameof(Recorder.Write))]
    [InlineData(nameof(Recorder.Show))]
    public void An_exception_of_the_output_ends_the_other_thread(string method)
    {
        DecodingAhead ahead = new();
        CaptureRun run = new(_output, Shared with { Ahead = ahead, Filter = method == nameof(Recorder.Show) ? Nothing : new RecordFilter() }, CancellationToken.None);
        _output.Failing = method;
        string file;
        Exception? thrown;
        int frames = 60_000;
        do
        {
            file = Write("large.pcap", new RandomCapture(13).Make(frames));
            thrown = Record.Exception(() => run.Read(file));
            frames *= 2; // progress is shown a few times a second: the fewer frames a machine reads in that time, the sooner
        }
        while (thrown is null);
        Assert.IsType<TimeZoneNotFoundException>(thrown);
        Assert.Empty(_output.Problems);
        Assert.False(ahead.TryDecode()); // the file is closed
        File.Delete(file);
    }

    [Fact]
    public void A_cancellation_ends_both_threads()
    {
        string file = Write("large.pcap", new RandomCapture(13).Make(60_000));
        using CancellationTokenSource stop = new();
        _output.Written = stop.Cancel;
        Assert.ThrowsAny<OperationCanceledException>(() => new CaptureRun(_output, Shared, stop.Token).Read(file));
        Assert.Empty(_output.Problems);
        Assert.NotEmpty(_output.Records);
    }

    private static AnalyzerOptions Shared => new() { Ahead = new DecodingAhead() };

    private static RecordFilter Nothing => new() { States = [BrokenPipeTools.Closing.CloseState.Evicted] };

    private CaptureRun Run() => new(_output, new AnalyzerOptions(), CancellationToken.None);

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Keeps the results; throws in the method that <see cref="Failing"/> names.</summary>
    private sealed class Recorder : ICaptureRunOutput
    {
        public string MaxConnectionsParameter => "--bound";

        public bool MakesRecords => true;

        public List<AnalyzerProgress> Progress { get; } = [];

        /// <summary>The threads that called.</summary>
        public HashSet<int> Callers { get; } = [];

        public string? Failing { get; set; }

        public Action? Written { get; set; }

        public List<string> Lines { get; } = [];

        public List<ConnectionClose> Records { get; } = [];

        public List<CaptureProblem> Problems { get; } = [];

        public List<Exception?> Causes { get; } = [];

        public void Begin(LiveCaptureOptions capture) => Lines.Add($"capturing on {capture.InterfaceName}");

        public void Write(in PendingClose pending)
        {
            Callers.Add(Environment.CurrentManagedThreadId);
            Fail(nameof(Write));
            if (!pending.TryMake(out ConnectionClose? record))
                return;
            Records.Add(record);
            Lines.Add(record.State.ToString());
            Written?.Invoke();
        }

        public void Flush() => Fail(nameof(Flush));

        public void Summarize(string name, string summary) => Lines.Add(summary);

        public void Warn(string message) => Lines.Add(message);

        public void Report(CaptureProblem problem, Exception? cause)
        {
            Lines.Add(problem.Id.ToString());
            Problems.Add(problem);
            Causes.Add(cause);
        }

        public void Show(AnalyzerProgress progress)
        {
            Callers.Add(Environment.CurrentManagedThreadId);
            Progress.Add(progress);
            Fail(nameof(Show));
        }

        private void Fail(string method)
        {
            if (Failing == method)
                throw new TimeZoneNotFoundException();
        }
    }

    /// <summary>An interface that returns some frames and then fails with an unexpected exception.</summary>
    private sealed class FailingLibrary(IEnumerable<RawFrame> frames) : ICaptureLibrary
    {
        public IReadOnlyList<PcapInterface> GetInterfaces() => [];

        public ILiveCapture Open(LiveCaptureOptions options) => new FailingCapture(CaptureFile.Open(new MemoryStream(CaptureBytes.Pcap([.. frames])), options.InterfaceName));
    }

    private sealed class FailingCapture(ICaptureSource frames) : ILiveCapture
    {
        public string Filter => "";

        public int SnapLength => LiveCaptureOptions.WholeFrames;

        public int LinkType => 1;

        public TimeSpan? Remaining => null;

        public string Name => frames.Name;

        public long Position => 0;

        public long? Length => null;

        public long DroppedFrames => 0;

        public long ReadUpTo => 0;

        public bool TryRead(out Frame frame) => frames.TryRead(out frame) ? true : throw new ArithmeticException("a fault of ours");

        public LiveRead Read(out Frame frame) => TryRead(out frame) ? LiveRead.Frame : LiveRead.End;

        public void Stop()
        {
        }

        public void Dispose() => frames.Dispose();
    }
}
