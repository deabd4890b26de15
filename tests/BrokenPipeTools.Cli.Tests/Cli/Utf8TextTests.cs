using System.Buffers;
using System.Globalization;
using System.Text;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Cli;

public sealed class Utf8TextTests
{
    [Fact]
    public void A_full_buffer_grows()
    {
        Utf8Text text = new();
        int room = text.GetSpan().Length;
        text.Append(new string('x', 1));
        text.Advance(room - 1);
        Assert.NotEqual(0, text.GetSpan().Length);
        text.Write("more"u8);
        Assert.Equal(room + 4, text.Length);
    }

    [Theory]
    [InlineData("EPIPE")]
    [InlineData("Größe")]
    public void Text_with_any_letters_is_written(string word)
    {
        Utf8Text text = new();
        text.Append(word);
        Assert.Equal(word, Encoding.UTF8.GetString(text.Bytes));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(2, "2")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(0.000000001, "0.000000001")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(211467832.269319008, "211467832.269319")]
    [InlineData(9223372036.854776, "9223372036.854776")]
    [InlineData(1e16, "10000000000000000")]
    public void Seconds_have_their_shortest_exact_form(double seconds, string expected)
    {
        Assert.Equal(expected, SecondsText.Of(seconds));
        Assert.Equal(expected, Appended(seconds));
    }

    [Fact]
    public void Seconds_have_one_form_everywhere()
    {
        Random random = new(1);
        for (int i = 0; i < 100_000; i++)
        {
            double seconds = (random.NextInt64() >> random.Next(63)) / (i % 3 == 0 ? 1e7 : 1e9) * (i % 5 == 0 ? -1 : 1);
            string text = Appended(seconds);
            Assert.Equal(SecondsText.Of(seconds), text);
            Assert.Equal(seconds, double.Parse(text, CultureInfo.InvariantCulture));
            Assert.DoesNotContain('E', text);
        }
    }

    private static string Appended(double seconds)
    {
        Utf8Text text = new();
        text.AppendSeconds(seconds);
        return Encoding.UTF8.GetString(text.Bytes);
    }
}
