using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// No record contradicts itself or its packets: tested with all captures of the repository, and with random connections, complete and damaged. For a
/// longer run set CONSISTENCY_RUNS to a number of connections; CONSISTENCY_SEED repeats one batch, and CONSISTENCY_DUMP writes its capture to a file.
/// CONSISTENCY_FOLDER names a folder with more captures.
/// </summary>
public sealed class ConsistencyTests(ITestOutputHelper output)
{
    private const int Batch = 200;
    private const int DefaultRuns = 6_000;

    [Fact]
    public void Records_of_every_capture_agree_with_their_frames()
    {
        ConsistencyTally tally = new();
        string[] folders = Environment.GetEnvironmentVariable("CONSISTENCY_FOLDER") is { Length: > 0 } more ? [RepositoryFiles.Captures, more] : [RepositoryFiles.Captures];
        foreach (string path in folders.SelectMany(folder => Directory.GetFiles(folder, "*.*cap*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal))
            tally.Add(path, () => CaptureFile.Open(File.OpenRead(path), path));
        tally.Check(output);
    }

    [Fact]
    public void Records_of_random_connections_agree_with_their_frames()
    {
        int? seed = TestSetting.Number("CONSISTENCY_SEED");
        int batches = seed is null ? (TestSetting.Number("CONSISTENCY_RUNS") ?? DefaultRuns) / Batch : 1;
        int first = seed ?? 1;
        ConsistencyTally tally = new();
        Parallel.For(first, first + batches, i =>
        {
            Random random = new(i);
            byte[] capture = CaptureBytes.Pcap(Frames(random), magic: 0xA1B23C4D);
            if (Environment.GetEnvironmentVariable("CONSISTENCY_DUMP") is { Length: > 0 } path && seed is not null)
                File.WriteAllBytes(path, capture);
            tally.Add($"CONSISTENCY_SEED={i}", capture);
            (byte[] damaged, _) = Mutation.Damage(capture, random);
            tally.Add($"CONSISTENCY_SEED={i}, damaged", damaged);
        });
        tally.Check(output);
    }

    private static List<RawFrame> Frames(Random random)
    {
        List<RawFrame> frames = [];
        long start = 1_700_000_000_000_000_000;
        for (int i = 0; i < Batch; i++)
        {
            frames.AddRange(RandomConversation.Draw(random, i, start));
            start = Math.Max(start, frames.Count == 0 ? 0 : frames[^1].Time) + random.Next((int)Nanoseconds.PerSecond);
        }

        return frames;
    }
}
