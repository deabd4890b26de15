using BrokenPipeTools.Testing;
using BrokenPipeTools.Tests.Robustness;
using BrokenPipeTools.Wire;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>
/// Both decoders read the same frames and must agree in every field that both have. Frames that they read differently must belong to a class with a
/// reason; any other difference fails. MUTATION_RUNS and MUTATION_SEED work as in <see cref="MutationTests"/>.
/// </summary>
public sealed class PacketDotNetTests(ITestOutputHelper output)
{
    private const int FramesPerCapture = 50;

    [Fact]
    public void Captured_frames_are_read_alike_except_for_listed_differences()
    {
        DecoderTally tally = new();
        foreach (string path in CapturedFrame.Captures())
        {
            SegmentDecoder decoder = new();
            foreach (CapturedFrame frame in CapturedFrame.Read(path))
                tally.Add(FrameComparison.Of(decoder, frame.Data, frame.LinkType, frame.OriginalLength), frame.Label);
        }

        output.WriteLine($"{tally}");
        Assert.True(tally.Unexplained.Count == 0, string.Join('\n', tally.Unexplained));
        Assert.Equal(KnownDifference.All.ToDictionary(known => known.Name, known => known.Captured), tally.Known.ToDictionary(known => known.Key.Name, known => known.Value));
        Assert.Equal(tally.Compared - KnownDifference.All.Where(known => known.IsInField).Sum(known => known.Captured), tally.Equal);
        Assert.InRange(tally.Compared, 140_000, int.MaxValue);
    }

    [Fact]
    public void Damaged_frames_are_read_alike_except_for_listed_differences()
    {
        CapturedFrame[] frames = [.. CapturedFrame.Captures().SelectMany(path => CapturedFrame.Read(path).Take(FramesPerCapture))];
        int? seed = TestSetting.Number("MUTATION_SEED");
        int runs = seed is null ? TestSetting.Number("MUTATION_RUNS") ?? 50_000 : 1;
        DecoderTally tally = new();
        for (int i = 0; i < runs; i++)
        {
            int number = (seed ?? 1) + i;
            Random random = new(number);
            CapturedFrame frame = frames[random.Next(frames.Length)].Damage(random);
            tally.Add(FrameComparison.Of(new SegmentDecoder(), frame.Data, frame.LinkType, frame.OriginalLength), $"MUTATION_SEED={number}, {frame.Label}");
        }

        output.WriteLine($"{tally}");
        Assert.True(tally.Unexplained.Count == 0, string.Join('\n', tally.Unexplained));
        if (seed is not null)
            return;
        Assert.InRange(tally.Compared, runs / 3, runs); // the others are not TCP, or have damage before the TCP header
        Assert.InRange(tally.Equal, tally.Compared * 0.95, tally.Compared);
        Assert.All(tally.Known.Where(known => known.Key.IsDamage), known => Assert.NotEqual(0, known.Value));
    }
}
