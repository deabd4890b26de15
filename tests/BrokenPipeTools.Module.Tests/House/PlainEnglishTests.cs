using System.Text.RegularExpressions;

namespace BrokenPipeTools.Tests.House;

/// <summary>The language of comments, README files, help, messages and test names, as far as it can be counted.</summary>
public sealed class PlainEnglishTests
{
    /// <summary>Unclear phrases, and data that speak. For each there is a plain word: "anyway", "immediately", "without an answer", "reported".</summary>
    private static readonly string[] Banned =
    [
        "all the same", "in vain", "for ever", "whoever", "told", "foretold", "tells", "be it that", "of its own accord", "for want of", "at once",
        "took its leave", "an object a line", @"is no \w+ address", "says nothing", "says no more", "without a word", "knows nothing of", "went on as if",
        "drew a", "draws a", "a dead path", "lives on", @"in the (?:client|server|host)'s name", "in its name", "goes on as if", "kept-alive",
        "in good order", "gone away", "stragglers?", "farewells?", "as good as", "any day", "how sure", "for good", "and their like", "how manyth", "one a line", "a line each",
        "deaf", "what became of", "what came of", "looks? round",
    ];

    /// <summary>Applies only to the project's own texts, because Unix has a user with this name.</summary>
    private static readonly string[] BannedInSources = ["nobody", "said", "say that", "says that", "says so", "in whose name", "strangers", "no right to", "now and then", "the same of", "hence", "knew", "what was", "what came", "what is left", "what there is"];

    private static readonly Regex Phrases = AnyOf(Banned);

    private static readonly Regex PhrasesOfSources = AnyOf([.. Banned, .. BannedInSources]);

    [Fact]
    public void No_phrase_of_the_list_is_used() => AssertNone(WrittenTexts.OfTests(), Phrases);

    [Fact]
    public void Code_that_ships_and_its_help_use_no_phrase_of_a_longer_list() => AssertNone(WrittenTexts.OfProduct(), PhrasesOfSources);

    /// <summary>Messages, explanations, advice and option descriptions are string literals.</summary>
    [Fact]
    public void Messages_use_no_phrase_of_the_list() => AssertNone(WrittenTexts.Literals(), PhrasesOfSources);

    /// <summary>"if" for conditions, "where" only for places: code that follows this has about ten times as many "if".</summary>
    [Fact]
    public void Conditions_begin_with_if()
    {
        AssertConditions(WrittenTexts.OfProduct(), least: 10);
        AssertConditions(WrittenTexts.OfTests(), least: 8);
    }

    private static void AssertNone(IEnumerable<WrittenText> texts, Regex phrases) =>
        Assert.Equal("", string.Join('\n', texts.SelectMany(text => phrases.Matches(text.Text).Select(match => $"{text.File}:{text.Line}: \"{match.Value}\""))));

    private static void AssertConditions(IEnumerable<WrittenText> texts, int least)
    {
        string all = string.Join('\n', texts.Select(text => text.Text));
        int conditions = Regex.Count(all, @"\bif\b", RegexOptions.IgnoreCase), places = Regex.Count(all, @"\bwhere\b(?!-Object)", RegexOptions.IgnoreCase);
        Assert.True(conditions >= least * places, $"\"if\" {conditions} times, \"where\" {places} times");
    }

    private static Regex AnyOf(string[] phrases) => new($@"\b(?:{string.Join('|', phrases)})\b", RegexOptions.IgnoreCase);
}
