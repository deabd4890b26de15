using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using CsCheck;

namespace BrokenPipeTools.Tests.Connections;

public sealed class SequenceSpaceTests
{
    /// <summary>Few enough that no gap is removed.</summary>
    private const int MostSegments = 30;

    private static readonly Gen<(int Start, int Length)[]> Segments =
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 12], (start, length) => (start, length)).Array[1, MostSegments];

    /// <summary>A small segment in the middle of a gap splits it into two, so a sender can make any number of gaps.</summary>
    [Fact]
    public void Gaps_that_are_split_are_bounded_too()
    {
        SequenceSpace space = default;
        space.Add(new(0), new(1));
        space.Add(new(1_000_000_000), new(1_000_000_001));
        for (uint i = 1; i <= 10_000; i++)
            space.Add(new(i * 1000), new((i * 1000) + 1));
        Assert.InRange(space.CountGaps(new(0), new(1_000_000_000)), 1, 32);
    }

    /// <summary>The set of all numbers that were seen is the reference.</summary>
    [Fact]
    public void Gaps_are_the_numbers_that_were_not_seen_wherever_counting_begins() =>
        Gen.Select(Segments, Gen.OneOf(Gen.UInt, Gen.UInt[uint.MaxValue - 80, uint.MaxValue])).Sample((segments, initial) =>
        {
            SequenceNumber zero = new(initial);
            SequenceSpace space = default;
            HashSet<int> seen = [];
            foreach ((int start, int length) in segments)
            {
                bool isNew = Enumerable.Range(start, length).Any(number => !seen.Contains(number));
                Arrival arrival = space.Add(zero.Add(start), zero.Add(start + length));
                Assert.Equal(isNew, arrival != Arrival.Repeated);
                seen.UnionWith(Enumerable.Range(start, length));
            }

            Assert.Equal((seen.Min(), seen.Max() + 1), (space.First.DistanceFrom(zero), space.Next.DistanceFrom(zero)));
            int[] firsts = [.. Enumerable.Range(seen.Min(), seen.Max() - seen.Min()).Where(number => !seen.Contains(number) && seen.Contains(number - 1))];
            Assert.Equal(firsts.Length, space.CountGaps(space.First, space.Next));
            Assert.Equal(firsts.Length > 0, space.HasGaps);
            Assert.Equal(firsts.Length > 0, space.TryGetFirstGap(out SequenceRange gap));
            if (firsts.Length > 0)
                Assert.Equal((firsts[0], seen.Where(number => number > firsts[0]).Min()), (gap.Start.DistanceFrom(zero), gap.End.DistanceFrom(zero)));
        });
}
