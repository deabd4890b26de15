using System.Text;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tests.Primitives;

public sealed class ShortAsciiTests
{
    [Fact]
    public void A_text_of_any_length_is_written_and_nothing_after_it()
    {
        for (int length = 0; length < 70; length++)
        {
            string text = string.Concat(Enumerable.Range(0, length).Select(i => (char)(' ' + (i % 95))));
            byte[] room = Enumerable.Repeat((byte)0xEE, length + 9).ToArray();
            Assert.True(ShortAscii.TryWrite(text, room));
            Assert.Equal([.. Encoding.ASCII.GetBytes(text), .. Enumerable.Repeat((byte)0xEE, 9)], room);
        }
    }

    [Theory]
    [InlineData('\u0080')]
    [InlineData('ü')]
    [InlineData('\u0100')]
    [InlineData('…')]
    [InlineData('\u8041')]
    public void Another_character_at_any_place_is_noticed(char other)
    {
        for (int length = 1; length < 40; length++)
        {
            for (int at = 0; at < length; at++)
            {
                char[] text = [.. Enumerable.Repeat('x', length)];
                text[at] = other;
                Assert.False(ShortAscii.TryWrite(text, new byte[length]));
            }
        }
    }

    [Fact]
    public void A_text_that_does_not_fit_is_not_written()
    {
        byte[] room = new byte[19];
        Assert.False(ShortAscii.TryWrite(new string('x', 20), room));
        Assert.All(room, one => Assert.Equal(0, one));
        Assert.False(ShortAscii.TryWrite("xy", room.AsSpan(0, 1)));
    }
}
