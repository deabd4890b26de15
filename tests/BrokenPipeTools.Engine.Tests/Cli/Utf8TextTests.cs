using System.Buffers;
using System.Text;
using BrokenPipeTools.Cli;

namespace BrokenPipeTools.Tests.Cli;

public sealed class Utf8TextTests
{
    [Fact]
    public void Text_that_is_full_to_the_last_byte_still_takes_more()
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
    public void Words_are_written_whatever_their_letters(string word)
    {
        Utf8Text text = new();
        text.Append(word);
        Assert.Equal(word, Encoding.UTF8.GetString(text.Bytes));
    }
}
