using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Tests.Connections;

public sealed class ObservationLogTests
{
    private const int First = 20;
    private const int Last = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    public void The_first_and_the_last_observations_are_kept(int recorded)
    {
        ObservationLog log = default;
        for (uint i = 0; i < recorded; i++)
            log.Add() = new Observation { Frame = i };
        IEnumerable<int> expected = Enumerable.Range(0, recorded).Where(i => i < First || i >= recorded - Last);
        List<int> kept = [];
        for (int i = 0; i < log.Kept; i++)
            kept.Add((int)log.Get(i).Frame);
        Assert.Equal(expected, kept);
        Assert.Equal((uint)recorded - 1, log.Newest().Frame);
        Assert.Equal(Math.Max(0, recorded - First - Last), log.Omitted);
    }
}
