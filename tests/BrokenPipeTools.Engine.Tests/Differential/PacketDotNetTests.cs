using BrokenPipeTools.Capture;
using BrokenPipeTools.Tests.House;
using BrokenPipeTools.Tests.Robustness;
using BrokenPipeTools.Wire;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>
/// Our decoder and PacketDotNet read the same frames and must agree in every field that both expose. The frames that they read
/// differently belong to a class with a reason; anything else fails. MUTATION_RUNS and MUTATION_SEED work as in <see cref="MutationTests"/>.
/// </summary>
public sealed class PacketDotNetTests(ITestOutputHelper output)
{
    private const int FramesPerCapture = 50;

    private static string Folder { get; } = Path.Combine(WallsTests.RepositoryRoot(), "tests", "captures");

    [Fact]
    public void Captured_frames_are_read_alike_but_for_what_is_understood()
    {
        DecoderTally tally = new();
        foreach (string path in Captures())
        {
            SegmentDecoder decoder = new();
            foreach (CapturedFrame frame in Frames(path))
                tally.Add(FrameComparison.Of(decoder, frame.Data, frame.LinkType, frame.OriginalLength), frame.Label);
        }

        output.WriteLine($"{tally}");
        Assert.True(tally.Unexplained.Count == 0, string.Join('\n', tally.Unexplained));
        Assert.Equal(KnownDifference.All.ToDictionary(known => known.Name, known => known.Captured), tally.Known.ToDictionary(known => known.Key.Name, known => known.Value));
        Assert.Equal(tally.Compared - KnownDifference.All.Where(known => known.IsInField).Sum(known => known.Captured), tally.Equal);
        Assert.InRange(tally.Compared, 140_000, int.MaxValue);
    }

    [Fact]
    public void Damaged_frames_are_read_alike_but_for_what_is_understood()
    {
        CapturedFrame[] frames = [.. Captures().SelectMany(path => Frames(path).Take(FramesPerCapture))];
        int? seed = MutationTests.Number("MUTATION_SEED");
        int runs = seed is null ? MutationTests.Number("MUTATION_RUNS") ?? 50_000 : 1;
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
        Assert.InRange(tally.Compared, runs / 3, runs); // the others are not TCP, or damaged before it
        Assert.InRange(tally.Equal, tally.Compared * 0.95, tally.Compared);
        Assert.All(tally.Known.Where(known => known.Key.IsDamage), known => Assert.NotEqual(0, known.Value));
    }

    private static IEnumerable<string> Captures() =>
        Directory.GetFiles(Folder, "*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The frames of a capture up to its end or its damage; none if it is not a capture.</summary>
    private static List<CapturedFrame> Frames(string path)
    {
        List<CapturedFrame> frames = [];
        try
        {
            using ICaptureSource source = CaptureFile.Open(path);
            while (source.TryRead(out Frame frame))
                frames.Add(new CapturedFrame(frame.Data.ToArray(), frame.LinkType, frame.OriginalLength, $"{Path.GetFileName(path)} frame {frame.Number}"));
        }
        catch (CaptureFormatException)
        {
            // Damaged captures are among them on purpose: the frames before the damage count.
        }

        return frames;
    }

    private sealed record CapturedFrame(byte[] Data, int LinkType, int OriginalLength, string Label)
    {
        /// <summary>Headers are within so many bytes, nearly always.</summary>
        private const int Headers = 100;

        /// <summary>Cuts the frame, on the wire or by a snapshot length, or changes some bytes of its headers.</summary>
        public CapturedFrame Damage(Random random)
        {
            if (Data.Length == 0)
                return this;
            if (random.Next(3) == 0)
            {
                int length = random.Next(Data.Length);
                return this with { Data = Data[..length], OriginalLength = random.Next(2) == 0 ? length : OriginalLength };
            }

            byte[] damaged = [.. Data];
            for (int n = random.Next(1, 4); n > 0; n--)
                damaged[random.Next(Math.Min(Headers, damaged.Length))] = (byte)random.Next(256);
            return this with { Data = damaged };
        }
    }
}
