using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Live;

/// <summary>The analyzer with a live source whose clock is controlled by the test.</summary>
public sealed class LiveAnalysisTests
{
    private const string Closing = "C:SYN\nS:SYN-ACK\nC:ACK\nS:FIN\nC:ACK\nC:FIN\nS:ACK";

    [Fact]
    public void Time_that_passes_without_a_packet_makes_closed_connections_final()
    {
        Scripted source = new(PacketScript.Build(Closing + "\nC:SYN conn=1\nS:SYN-ACK conn=1"));
        using CloseAnalyzer analyzer = new(source, new AnalyzerOptions { Linger = TimeSpan.FromSeconds(5) });
        source.QuietFor(4 * Nanoseconds.PerSecond);
        source.QuietFor(2 * Nanoseconds.PerSecond);
        Assert.True(analyzer.TryNext(out ConnectionClose? closed));
        Assert.Equal((0, 6 * Nanoseconds.PerSecond), (closed.Stream, source.Quiet)); // not after four seconds
        source.End();
        Assert.True(analyzer.TryNext(out ConnectionClose? open));
        Assert.Equal((1, "Open"), (open.Stream, open.State.ToString()));
        Assert.False(analyzer.TryNext(out _));
    }

    [Fact]
    public void A_late_segment_within_the_linger_belongs_to_its_connection()
    {
        Scripted source = new(PacketScript.Build(Closing));
        using CloseAnalyzer analyzer = new(source, new AnalyzerOptions { Linger = TimeSpan.FromSeconds(5) });
        source.QuietFor(4 * Nanoseconds.PerSecond);
        source.Add(PacketScript.Build(Closing + "\n+4 C:DATA(3)")[^1]);
        source.QuietFor(4 * Nanoseconds.PerSecond);
        source.QuietFor(6 * Nanoseconds.PerSecond);
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal(8, record.Packets);
        Assert.Contains("C:DATA(3)", record.Sequence, StringComparison.Ordinal);
    }

    [Fact]
    public void Drops_lower_the_quality_of_records_made_after_they_were_noticed()
    {
        Scripted source = new(PacketScript.Build(Closing));
        using CloseAnalyzer analyzer = new(source, new AnalyzerOptions { Linger = TimeSpan.FromSeconds(1) });
        source.QuietFor(2 * Nanoseconds.PerSecond);
        Assert.True(analyzer.TryNext(out ConnectionClose? before));
        source.Add(PacketScript.Build("+10 C:SYN conn=1\nS:RST-ACK conn=1"));
        source.Drop(3);
        source.End();
        Assert.True(analyzer.TryNext(out ConnectionClose? after));
        Assert.Equal((CaptureQuality.Complete, CaptureQuality.Drops), (before.CaptureQuality, after.CaptureQuality));
    }

    [Fact]
    public void An_interface_that_goes_away_is_a_fault_after_the_records()
    {
        Scripted source = new(PacketScript.Build("C:SYN"));
        source.BreakOff();
        using CloseAnalyzer analyzer = new(source);
        Assert.True(analyzer.TryNext(out _));
        Assert.False(analyzer.TryNext(out _));
        Assert.Equal(CaptureProblemId.CaptureFailed, analyzer.FindProblem("x")!.Id);
    }

    [LiveFact]
    public void Analyzed_packets_are_kept_and_an_existing_file_is_not_overwritten()
    {
        string folder = Directory.CreateTempSubdirectory("brokenpipe-live-").FullName;
        try
        {
            string path = Path.Combine(folder, "kept.pcapng");
            using LoopbackServer server = new();
            Record(server, path, overwrite: false);
            CaptureWriteException e = Assert.Throws<CaptureWriteException>(() => Record(server, path, overwrite: false));
            Assert.True(e.IsThereAlready);
            long before = new FileInfo(path).Length;
            Record(server, path, overwrite: true);
            Assert.Equal(before, new FileInfo(path).Length);
            using CloseAnalyzer again = CloseAnalyzer.Open(path);
            Assert.True(again.TryNext(out ConnectionClose? record));
            Assert.Equal("S:RST", record.Sequence);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Record(LoopbackServer server, string path, bool overwrite)
    {
        using LiveAnalysis live = LiveAnalysis.Open(CaptureLibrary.Instance, server.Options, new AnalyzerOptions(), path, overwrite);
        server.Exchange();
        live.Stop();
        Assert.True(live.Analyzer.TryNext(out _));
        Assert.False(live.Analyzer.TryNext(out _));
    }

    /// <summary>Runs the given steps without waiting.</summary>
    private sealed class Scripted : ILiveSource
    {
        private readonly Queue<Action> _steps = new();
        private RawFrame? _frame;
        private LiveRead _read;
        private long _latest;
        private long _frames;

        public Scripted(IEnumerable<RawFrame> frames) => Add(frames);

        public string Name => "scripted";

        public long Position => 0;

        public long? Length => null;

        public long DroppedFrames { get; private set; }

        public long ReadUpTo => _latest + Quiet;

        /// <summary>How long no frame has come.</summary>
        public long Quiet { get; private set; }

        public void Add(params IEnumerable<RawFrame> frames)
        {
            foreach (RawFrame frame in frames)
                _steps.Enqueue(() => (_frame, _read, _latest, Quiet) = (frame, LiveRead.Frame, frame.Time, 0));
        }

        public void QuietFor(long time) => _steps.Enqueue(() => (_read, Quiet) = (LiveRead.Idle, Quiet + time));

        public void Drop(long count) => _steps.Enqueue(() => (_read, DroppedFrames) = (LiveRead.Idle, count));

        public void End() => _steps.Enqueue(() => _read = LiveRead.End);

        public void BreakOff() => _steps.Enqueue(() => throw new LiveCaptureException(LiveCaptureFault.Other, Name, "gone"));

        public LiveRead Read(out Frame frame)
        {
            frame = default;
            _steps.Dequeue()();
            if (_read == LiveRead.Frame)
                frame = new Frame { Number = ++_frames, Time = _frame!.Time, LinkType = LinkType.Ethernet, OriginalLength = _frame.Data.Length, Data = _frame.Data };
            return _read;
        }

        public bool TryRead(out Frame frame) => throw new NotSupportedException("live sources are read with Read");

        public void Stop() => End();

        public void Dispose()
        {
        }
    }
}
