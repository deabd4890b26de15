namespace BrokenPipeTools.Help.Tests;

/// <summary>Markdown becomes the plain paragraphs of Get-Help.</summary>
public class TextTests
{
    [Theory]
    [InlineData("one\ntwo", "one two")]
    [InlineData("one\n\ntwo", "one", "two")]
    [InlineData("one\\\ntwo", "one\ntwo")]
    [InlineData("*one* and **two**, `three`", "one and two, three")]
    [InlineData("a < b && c > d, \"e\" 'f'", "a < b && c > d, \"e\" 'f'")]
    [InlineData("&lt;name&gt; \\*x\\* \\`y\\`", "<name> *x* `y`")]
    [InlineData("`*.pcap` and ``a`b`` and `<x>`", "*.pcap and a`b and <x>")]
    [InlineData("close_notify and SO_LINGER", "close_notify and SO_LINGER")]
    [InlineData("- one\n  more\n- two", "- one more", "- two")]
    [InlineData("3. one\n4. two", "3. one", "4. two")]
    [InlineData("first:\n\n- one\n\nlast", "first:", "- one", "last")]
    [InlineData("```text\n  a  b\n\n<c>\n```", "  a  b\n\n<c>")]
    [InlineData("see [RFC 9293](https://www.rfc-editor.org/rfc/rfc9293)", "see RFC 9293 (https://www.rfc-editor.org/rfc/rfc9293)")]
    [InlineData("<https://www.rfc-editor.org>", "https://www.rfc-editor.org")]
    [InlineData("größer 𝄞", "größer 𝄞")]
    public void Text_is_plain(string markdown, params string[] paragraphs) => Assert.Equal(paragraphs, Sample.Description(markdown));

    [Fact]
    public void Line_ends_of_Windows_make_no_difference() =>
        Assert.Equal(Sample.Help(Sample.Text).ToString(), Sample.Help(Sample.Text.ReplaceLineEndings("\r\n")).ToString());

    [Theory]
    [InlineData("> quoted")]
    [InlineData("<b>bold</b>")]
    [InlineData("<!-- hidden -->")]
    [InlineData("![picture](Get-Sample.md)")]
    [InlineData("---")]
    [InlineData("- one\n\n  more")]
    public void Markdown_that_Get_Help_cannot_show_is_an_error(string markdown) =>
        Assert.StartsWith("9: Get-Help cannot show ", Sample.Problems(Sample.Text.Replace("Gets them.", markdown, StringComparison.Ordinal))[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("[x](Get-Other.md)", "unknown link 'Get-Other.md'; name a file relative to this one, or an https address")]
    [InlineData("[x](http://example.org)", "unknown link 'http://example.org'; name a file relative to this one, or an https address")]
    [InlineData("[x]()", "unknown link ''; name a file relative to this one, or an https address")]
    public void An_unknown_link_is_an_error(string markdown, string message) =>
        Assert.Equal([$"10: {message}"], Sample.Problems(Sample.Text.Replace("Gets them.", "Gets\n" + markdown, StringComparison.Ordinal)));

    [Theory]
    [InlineData("[x](two words.md)")]
    [InlineData("[x][y]")]
    public void A_link_that_Markdown_does_not_understand_is_an_error(string markdown) =>
        Assert.Contains("not a link", Assert.Single(Sample.Problems(Sample.Text.Replace("Gets them.", markdown, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void A_link_within_the_repository_is_its_text()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "Other.md"), "");
            List<HelpProblem> problems = [];
            HelpTopic topic = TopicReader.Read(Path.Combine(folder, "Get-Sample.md"), Sample.Text.Replace("None.", "See [the other](Other.md).", StringComparison.Ordinal), problems);
            Assert.Empty(problems);
            Assert.Equal("See the other.", topic.Notes.Single().Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
