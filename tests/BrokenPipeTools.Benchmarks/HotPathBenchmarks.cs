using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Benchmarks;

/// <summary>
/// The stages of the hot path, each including the stages before it, on a capture in memory. Time and allocation are per packet. The first two stages
/// allocate nothing that grows with the number of packets; the last one allocates a record per connection.
/// </summary>
[Config(typeof(InThisProcess))]
[MemoryDiagnoser]
public class HotPathBenchmarks
{
    private const int Connections = 50_000;

    /// <summary>The number of packets that the generator makes of this many connections. It is a constant, because the attributes need one.</summary>
    private const int Packets = 500_813;

    private byte[] _capture = [];

    [GlobalSetup]
    public void Setup()
    {
        using MemoryStream stream = new();
        long packets = CaptureGenerator.Write(stream, Connections);
        if (packets != Packets)
            throw new InvalidOperationException($"the capture has {packets} packets: correct the constant");
        _capture = stream.ToArray();
    }

    [Benchmark(OperationsPerInvoke = Packets, Description = "bytes → frames")]
    public long Frames()
    {
        using ICaptureSource source = Open();
        long bytes = 0;
        while (source.TryRead(out Frame frame))
            bytes += frame.Data.Length;
        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Packets, Description = "bytes → segments")]
    public long Segments()
    {
        using ICaptureSource source = Open();
        SegmentDecoder decoder = new();
        long payload = 0;
        while (source.TryRead(out Frame frame))
        {
            if (decoder.Decode(frame, out Segment segment) == DecodeOutcome.Segment)
                payload += segment.PayloadLength;
        }

        return payload;
    }

    [Benchmark(OperationsPerInvoke = Packets, Description = "bytes → connections")]
    public int ConnectionsClosed()
    {
        using CloseAnalyzer analyzer = new(Open());
        int records = 0;
        while (analyzer.TryNext(out _))
            records++;
        return records;
    }

    private ICaptureSource Open() => CaptureFile.Open(new MemoryStream(_capture), "memory");

    /// <summary>Runs without generating and building a project, because the project would inherit this repository's strict build settings.</summary>
    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess()
        {
            AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10));
            ArtifactsPath = Path.Combine(Path.GetTempPath(), "brokenpipe-bench-reports");
        }
    }
}
