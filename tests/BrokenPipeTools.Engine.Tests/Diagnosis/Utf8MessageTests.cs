using System.Buffers;
using System.Text;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The UTF-8 text of a rule equals the string.</summary>
public sealed class Utf8MessageTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("plain", long.MinValue)]
    [InlineData("Größe, 大きさ", long.MaxValue)]
    public void The_UTF8_text_equals_the_string(string word, long number)
    {
        string expected = $"a {word} (frame {number}){word}.";
        Assert.Equal(expected, Say(word, number).ToString());
        ArrayBufferWriter<byte> output = new();
        Say(word, number).MoveTo(output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void A_text_longer_than_the_initial_buffer_is_complete()
    {
        string lot = new('é', 5_000);
        Utf8Message inner = $"{lot}{1}";
        Utf8Message outer = $"[{inner}|{lot}]";
        Assert.Equal($"[{lot}1|{lot}]", outer.ToString());
    }

    private static Utf8Message Say(string word, long number) => $"a {word} (frame {number}){word}.";
}
