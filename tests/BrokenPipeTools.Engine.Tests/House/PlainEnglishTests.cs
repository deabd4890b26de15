using System.Text.RegularExpressions;

namespace BrokenPipeTools.Tests.House;

/// <summary>The language of comments, README files and help, as far as it can be counted.</summary>
public sealed partial class PlainEnglishTests
{
    /// <summary>Riddles and talking data: each has a plain word in its place ("anyway", "without an answer", "reported").</summary>
    private static readonly string[] Banned =
    [
        "all the same", "in vain", "for ever", "whoever", "told", "foretold", "be it that", "of its own accord", "for want of", "took its leave",
        "an object a line", "is no IP address", "says nothing", "says no more", "without a word", "knows nothing of",
    ];

    private static readonly string Root = WallsTests.RepositoryRoot();

    [Fact]
    public void No_phrase_of_the_list_is_used()
    {
        List<string> found = [];
        foreach ((string file, int line, string text) in Texts())
            found.AddRange(Banned.Where(phrase => Regex.IsMatch(text, $@"\b{phrase}\b", RegexOptions.IgnoreCase)).Select(phrase => $"{file}:{line}: \"{phrase}\""));
        Assert.Empty(found);
    }

    /// <summary>"if" for conditions, "where" only for places: of code that is written so, "if" is some ten times as frequent.</summary>
    [Fact]
    public void Conditions_begin_with_if()
    {
        string all = string.Join('\n', Texts().Select(text => text.Text));
        int conditions = Regex.Count(all, @"\bif\b", RegexOptions.IgnoreCase), places = Regex.Count(all, @"\bwhere\b", RegexOptions.IgnoreCase);
        Assert.True(conditions >= 4 * places, $"\"if\" {conditions} times, \"where\" {places} times");
    }

    /// <summary>Comments of the code that ships, and what is written beside it.</summary>
    private static IEnumerable<(string File, int Line, string Text)> Texts()
    {
        string sources = Path.Combine(Root, "src");
        foreach (string path in SourceFiles.In(sources).Concat(SourceFiles.In(sources, "*.md")).Append(Path.Combine(Root, "README.md")))
        {
            bool isCode = path.EndsWith(".cs", StringComparison.Ordinal);
            string file = Path.GetRelativePath(Root, path);
            bool isExample = false;
            foreach ((int number, string line) in File.ReadLines(path).Index())
            {
                isExample ^= !isCode && line.TrimStart().StartsWith("```", StringComparison.Ordinal);
                string text = isCode ? Comment().Match(line).Value : isExample ? "" : line;
                if (text.Length > 0)
                    yield return (file, number + 1, text);
            }
        }
    }

    [GeneratedRegex(@"(^|\s)//.*$")]
    private static partial Regex Comment();
}
