using System.Globalization;
using System.Text;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Output;

public sealed class Utf8TextTests
{
    [Fact]
    public void Seconds_are_the_shortest_number_that_is_read_back_as_the_same_value()
    {
        Random random = new(15);
        for (int i = 0; i < 20_000; i++)
        {
            long nanoseconds = (long)Math.Pow(10, random.NextDouble() * 16) * (i % 5 == 0 ? -1 : 1);
            double seconds = (i % 3) switch
            {
                0 => nanoseconds / 1e9,
                1 => nanoseconds / 1000 * 1000 / 1e9,
                _ => nanoseconds * random.NextDouble() / 1e9,
            };
            Assert.Equal(SecondsText.Of(seconds), TextOf(t => t.AppendSeconds(seconds)));
        }
    }

    [Fact]
    public void A_time_has_the_round_trip_format()
    {
        Random random = new(15);
        for (int i = 0; i < 20_000; i++)
        {
            long ticks = random.NextInt64(DateTime.MaxValue.Ticks);
            DateTime time = new(i % 3 == 0 ? ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond : ticks, DateTimeKind.Utc);
            Assert.Equal(time.ToString("O", CultureInfo.InvariantCulture), TextOf(t => t.AppendTime(time)));
        }
    }

    private static string TextOf(Action<Utf8Text> append)
    {
        Utf8Text text = new();
        append(text);
        return Encoding.UTF8.GetString(text.Bytes);
    }
}
