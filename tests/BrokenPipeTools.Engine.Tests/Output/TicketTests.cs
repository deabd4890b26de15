using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Output;

public sealed class TicketTests
{
    [Fact]
    public void A_ticket_has_the_explanation_the_calls_and_the_ladder()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST");
        string text = Ticket(record);
        Assert.StartsWith($"## {record.ClientAddress}:{record.ClientPort} > {record.ServerAddress}:{record.ServerPort}: WriteAfterPeerClose\n", text, StringComparison.Ordinal);
        Assert.Contains($"| next write | {record.ClientWrite} | {record.ServerWrite} |", text, StringComparison.Ordinal);
        Assert.Contains("```text\n> #6 ", text, StringComparison.Ordinal);
        Assert.Contains(record.Explanation[..20], text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a|b", @"a\|b")]
    [InlineData("<script>", @"\<script\>")]
    [InlineData("[x](http://y)", @"\[x\](http\://y)")]
    [InlineData("see www.evil.example", @"see www\.evil.example")]
    [InlineData("a text, \"GH-12 at www.evil.example\", and more", "a text, \"`GH-12 at www.evil.example`\", and more")]
    [InlineData("a text, \"| GH-12\", and more", "a text, \"`| GH-12`\", and more")]
    [InlineData("one \" alone", "one \" alone")]
    [InlineData("# _a_ *b*", @"\# \_a\_ \*b\*")]
    [InlineData("a\u001b[2J\nb", @"a\\x1b\[2J\\x0ab")]
    [InlineData("a\\", @"a\\")]
    public void Texts_from_the_network_are_not_interpreted_as_Markdown(string text, string escaped) => Assert.Equal(escaped, MarkdownText.Of(text));

    [Theory]
    [InlineData("192.0.2.1:443", "192.0.2.1:443")]
    [InlineData("[2001:db8::1]:443", @"\[2001:db8::1\]:443")]
    [InlineData("www.evil.example:80", "`www.evil.example:80`")]
    [InlineData("www.a|b:80", @"www\.a\|b:80")]
    public void A_name_is_code(string endpoint, string shown) => Assert.Equal(shown, MarkdownText.Host(endpoint));

    [Theory]
    [InlineData("a", "`a`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("`", "`` ` ``")]
    public void The_quotes_of_code_are_longer_than_any_run_in_it(string text, string code) => Assert.Equal(code, MarkdownText.Code(text));

    [Fact]
    public void Text_in_a_code_block_cannot_end_it() => Assert.Equal("````text\n```\n````\n", MarkdownText.Block(["```"]));

    private static string Ticket(ConnectionClose record)
    {
        using StringWriter text = new();
        new TicketWriter(text).Write(record);
        return text.ToString();
    }
}
