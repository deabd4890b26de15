using BrokenPipeTools.Primitives;
using CsCheck;

namespace BrokenPipeTools.Tests.Primitives;

public sealed class NanosecondsTests
{
    /// <summary>The years that fit into 64 bits of nanoseconds.</summary>
    private static readonly Gen<DateTime> Times = Gen.Long[new DateTime(1678, 1, 1).Ticks, new DateTime(2262, 1, 1).Ticks].Select(ticks => new DateTime(ticks, DateTimeKind.Utc));

    [Fact]
    public void A_time_that_is_converted_and_converted_back_is_the_same() => Times.Sample(time => Assert.Equal(time, Nanoseconds.ToTime(Nanoseconds.Since1970(time))));

    [Fact]
    public void Durations_are_those_of_TimeSpan() => Gen.Int.Sample(milliseconds =>
    {
        long nanoseconds = Nanoseconds.From(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(milliseconds * Nanoseconds.PerMillisecond, nanoseconds);
        Assert.Equal(milliseconds / 1000.0, Nanoseconds.ToSeconds(nanoseconds));
    });

    /// <summary>-Linger accepts any TimeSpan.</summary>
    [Fact]
    public void A_duration_that_64_bits_do_not_hold_is_the_longest()
    {
        Assert.InRange(Nanoseconds.From(TimeSpan.MaxValue), long.MaxValue - 100, long.MaxValue);
        Assert.InRange(Nanoseconds.From(TimeSpan.MinValue), long.MinValue, long.MinValue + 100);
    }
}
