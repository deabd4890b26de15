using System.Text.RegularExpressions;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>The topic on causes is written by hand; this test compares it with the catalog, in both directions.</summary>
public partial class CauseTopicTests
{
    private const int TerminalWidth = 80;

    private static readonly string Topic = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "en-US", "about_BrokenPipeTools_Causes.help.txt")).ReplaceLineEndings("\n");

    /// <summary>The entries by cause, each as one line of text.</summary>
    private static readonly Dictionary<string, string> Entries = Entry().Matches(Section(Topic, "CAUSES\n", "WHAT IS NEVER CLAIMED\n"))
        .ToDictionary(m => m.Groups["cause"].Value, m => Space().Replace(m.Groups["text"].Value, " ").Trim());

    public static TheoryData<Cause> Causes => [.. Enum.GetValues<Cause>()];

    [Fact]
    public void Catalog_and_topic_have_every_cause_once()
    {
        Assert.Equal(Enum.GetNames<Cause>().Order(), Entries.Keys.Order());
        Assert.Equal(Enum.GetValues<Cause>(), CauseCatalog.All.Select(rule => rule.Cause).Order());
    }

    [Theory]
    [MemberData(nameof(Causes))]
    public void Entry_has_the_texts_of_the_rule_the_packets_and_their_limits(Cause cause)
    {
        CauseRule rule = CauseCatalog.All.Single(r => r.Cause == cause);
        string advice = rule.Advice.Length > 0 ? Regex.Escape($" Do: {rule.Advice}") : "";
        Assert.Matches($"^{Regex.Escape(rule.Summary)} Packets: [^:]+.*{advice} Not shown: .+$", Entries[cause.ToString()]);
        Assert.Equal(rule.Advice.Length > 0, Entries[cause.ToString()].Contains(" Do: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Topic_fits_a_terminal() => Assert.All(Topic.Split('\n'), line => Assert.InRange(line.Length, 0, TerminalWidth - 1));

    private static string Section(string text, string from, string to)
    {
        int start = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(start >= 0, $"no heading {from}");
        start += from.Length;
        int end = text.IndexOf(to, start, StringComparison.Ordinal);
        Assert.True(end > start, $"nothing between {from} and {to}");
        return text[start..end];
    }

    /// <summary>Matches a name with an indentation of four, and its text with eight.</summary>
    [GeneratedRegex(@"^ {4}(?<cause>\w+)\n(?<text>(?: {8}.*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
