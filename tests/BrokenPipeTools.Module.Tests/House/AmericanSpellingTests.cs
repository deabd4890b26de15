using System.Text.RegularExpressions;

namespace BrokenPipeTools.Tests.House;

/// <summary>One spelling, that of .NET: American, in names and in texts.</summary>
public sealed partial class AmericanSpellingTests
{
    [Fact]
    public void No_British_form_is_used() =>
        Assert.Equal("", string.Join('\n', WrittenTexts.AllLines().SelectMany(line => British().Matches(line.Text).Select(match => $"{line.File}:{line.Line}: \"{match.Value}\""))));

    [Theory]
    [InlineData("the behaviour", "behaviour")]
    [InlineData("CloseNeighbours", "Neighbour")]
    [InlineData("it was cancelled", "cancelled")]
    [InlineData("Initialises it", "Initialises")]
    [InlineData("an organisation", "organisation")]
    [InlineData("Status Cancelled, analyses, promised, exercised, neighbor, emphasis, upwards of, greyhound", "")]
    public void The_list_finds_a_form_in_a_name_and_in_a_text(string text, string found) => Assert.Equal(found, British().Match(text).Value);

    /// <summary>The public value <c>Cancelled</c> of a status keeps its spelling, so only the lower-case word is in the list.</summary>
    [GeneratedRegex(
        @"behaviour|colour|favour|flavour|honour|neighbour|harbour|catalogue|centre|licence|defence|judgement|artefact|(?-i:c)ancell(?:ed|ing)|(?:label|model|travel|tunnel|signal)l(?:ed|ing)\b|\banalys(?:e|ed|ing)\b|\bgrey\b|\bfibre|\b(?:afterwards|backwards|towards|whilst|amongst|learnt|spelt|fulfil)\b|(?:recogn|normal|serial|initial|organ|optim|summar|minim|maxim|synchron|author|util|general|special|priorit|custom|visual|character|random|anonym|sanit|parameter|token|categor|final|standard|capital|local)is(?:e|ed|es|ing|ation|able)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
