using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Tests.Connections;

public sealed class SequenceSpaceTests
{
    /// <summary>Each small segment in the middle of a gap makes two of it: as many as a sender wants.</summary>
    [Fact]
    public void Holes_that_are_split_are_bounded_too()
    {
        SequenceSpace space = default;
        space.Add(0, 1);
        space.Add(1_000_000_000, 1_000_000_001);
        for (uint i = 1; i <= 10_000; i++)
            space.Add(i * 1000, (i * 1000) + 1);
        Assert.InRange(space.CountGaps(0, 1_000_000_000), 1, 32);
    }
}
