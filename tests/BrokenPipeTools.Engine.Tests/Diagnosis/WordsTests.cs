using System.Globalization;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Tests.Diagnosis;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0.0004, "less than 0.5 ms")]
    [InlineData(0.0005, "0.5 ms")]
    [InlineData(0.0042, "4.2 ms")]
    [InlineData(0.00994, "9.9 ms")]
    [InlineData(0.00996, "10 ms")]
    [InlineData(0.2003, "200 ms")]
    [InlineData(0.99949, "999 ms")]
    [InlineData(0.9996, "1 s")]
    [InlineData(1.25, "1.25 s")]
    [InlineData(350.24, "350.2 s")]
    public void A_time_has_the_digits_that_a_person_compares(double seconds, string words) => Assert.Equal(words, Words.Seconds(seconds).ToString());

    [Fact]
    public void A_time_is_rounded_as_the_custom_formats_of_NET_round()
    {
        Random random = new(15);
        for (int i = 0; i < 20_000; i++)
        {
            // Whole nanoseconds, as captures have them, halves of the last digit, and any double.
            long nanoseconds = (long)Math.Pow(10, 5.7 + (random.NextDouble() * 9));
            double seconds = (i % 3) switch
            {
                0 => nanoseconds / 1e9,
                1 => ((nanoseconds / 10_000_000 * 10_000_000) + 5_000_000) / 1e9,
                _ => nanoseconds / 1e9 * random.NextDouble() + 0.0005,
            };
            string format = seconds < 0.00995 ? "0.#" : seconds < 0.9995 ? "0" : seconds < 100 ? "0.##" : "0.#";
            string number = (seconds < 0.9995 ? seconds * 1000 : seconds).ToString(format, CultureInfo.InvariantCulture);
            Assert.Equal(number + (seconds < 0.9995 ? " ms" : " s"), Words.Seconds(seconds).ToString());
        }
    }
}
