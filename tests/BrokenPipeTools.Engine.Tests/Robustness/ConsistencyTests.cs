using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tests.Building;
using BrokenPipeTools.Tests.House;
using BrokenPipeTools.Tests.Lab;
using BrokenPipeTools.Tests.Live;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// No record contradicts itself or its packets: over all captures of the repository, the lab's scenarios, and connections drawn at
/// random, whole and damaged. For a longer run set CONSISTENCY_RUNS to a number of connections; CONSISTENCY_SEED repeats one batch, and
/// CONSISTENCY_DUMP writes its capture to a file.
/// </summary>
public sealed partial class ConsistencyTests(ITestOutputHelper output)
{
    private const int Batch = 200;
    private const int DefaultRuns = 6_000;
    private const int Shown = 40;

    /// <summary>
    /// Kinds of contradictions that are known, each with its reason. A test fails at any other kind, and the random one if one of these
    /// no longer occurs: delete its line then.
    /// </summary>
    private static readonly Dictionary<string, string> Known = [];


    [Fact]
    public void Records_of_every_capture_agree_with_their_frames()
    {
        Tally tally = new();
        string folder = Path.Combine(WallsTests.RepositoryRoot(), "tests", "captures");
        foreach (string path in Directory.GetFiles(folder, "*.*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            tally.Add(Path.GetRelativePath(folder, path), () => CaptureFile.Open(File.OpenRead(path), path));
        Report(tally);
    }

    [LiveFact]
    public void Records_of_every_scenario_agree_with_their_frames()
    {
        Tally tally = new();
        foreach (Scenario scenario in ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && s.Missing(ipv6: false) is null))
        {
            if (RanScenario.Of(scenario.Name, ipv6: false).Capture is { } capture)
                tally.Add(scenario.Name, capture);
        }

        Report(tally);
    }

    [Fact]
    public void Records_of_random_connections_agree_with_their_frames()
    {
        int? seed = MutationTests.Number("CONSISTENCY_SEED");
        int batches = seed is null ? (MutationTests.Number("CONSISTENCY_RUNS") ?? DefaultRuns) / Batch : 1;
        int first = seed ?? 1;
        Tally tally = new();
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
        Report(tally);
        Assert.True(seed is not null || Known.Keys.All(tally.Kinds.ContainsKey), $"gone, delete the lines: {string.Join("; ", Known.Keys.Except(tally.Kinds.Keys))}");
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

    private void Report(Tally tally)
    {
        output.WriteLine($"{tally.Records} records, {tally.Kinds.Sum(kind => kind.Value.Count)} contradictions of {tally.Kinds.Count} kinds");
        string all = string.Join('\n', tally.Kinds.OrderByDescending(kind => kind.Value.Count).Take(Shown).Select(kind => $"{kind.Value.Count} × {kind.Key}: {kind.Value.Example}"));
        output.WriteLine(all);
        Assert.True(tally.Kinds.Keys.All(Known.ContainsKey), string.Join('\n', tally.Kinds.Where(kind => !Known.ContainsKey(kind.Key)).Take(Shown).Select(kind => $"{kind.Value.Count} × {kind.Key}: {kind.Value.Example}")));
        Assert.True(tally.Records > 0, "no record was compared");
    }

    /// <summary>Contradictions by kind, with an example of each.</summary>
    private sealed partial class Tally
    {
        private int _records;

        public ConcurrentDictionary<string, (int Count, string Example)> Kinds { get; } = new();

        public int Records => _records;

        public void Add(string label, byte[] capture) => Add(label, () => CaptureFile.Open(new MemoryStream(capture), label));

        public void Add(string label, Func<ICaptureSource> open)
        {
            CapturedFrames frames = new(open);
            try
            {
                using CloseAnalyzer analyzer = new(open());
                while (analyzer.TryNext(out ConnectionClose? record))
                {
                    Interlocked.Increment(ref _records);
                    foreach (string contradiction in RecordConsistency.Contradictions(record, frames.Of(record)))
                        Note(contradiction, $"{label}, stream {record.Stream}, frame {record.FirstFrame}");
                }
            }
            catch (CaptureFormatException)
            {
                // a damaged beginning: there are no records
            }
        }

        /// <summary>The kind is the text up to its colon, without its numbers.</summary>
        private void Note(string contradiction, string label)
        {
            string kind = Number().Replace(contradiction.Split(": ", 2)[0], "#");
            Kinds.AddOrUpdate(kind, _ => (1, $"{contradiction} [{label}]"), (_, old) => (old.Count + 1, old.Example));
        }

        [GeneratedRegex(@"\d+(?:\.\d+)?")]
        private static partial Regex Number();
    }
}
