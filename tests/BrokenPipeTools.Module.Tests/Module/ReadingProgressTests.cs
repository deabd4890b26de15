using BrokenPipeTools.Reading;

namespace BrokenPipeTools.Tests.Module;

public sealed class ReadingProgressTests
{
    [Theory]
    [InlineData(50, 200L, 25)]
    [InlineData(300, 200L, 100)]
    [InlineData(50, null, -1)]
    [InlineData(0, 0L, -1)]
    public void Percentage_is_of_the_file_and_unknown_of_a_pipe(long position, long? length, int expected) =>
        Assert.Equal(expected, ReadingProgress.Percent(position, length));
}
