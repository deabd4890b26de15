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
    public void A_time_has_the_digits_that_a_person_compares(double seconds, string words) => Assert.Equal(words, Words.Seconds(seconds));
}
