using System.Text.RegularExpressions;
using System.Xml.Linq;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>The topics are written by hand: every name in them must exist, and every cmdlet and topic must be mentioned.</summary>
public partial class AboutTopicTests
{
    private const int TerminalWidth = 80;
    private const string Start = "about_BrokenPipeTools";
    private const string BrokenPipe = "about_Broken_Pipe";

    private static readonly Dictionary<string, string> Texts = Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "en-US"), "about_*.help.txt")
        .ToDictionary(file => Path.GetFileName(file).Replace(".help.txt", "", StringComparison.Ordinal), file => File.ReadAllText(file).ReplaceLineEndings("\n"));

    public static TheoryData<string> Topics => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Topics))]
    public void Topic_has_its_own_name_on_top_and_fits_a_terminal(string topic)
    {
        Assert.StartsWith($"TOPIC\n    {topic}\n\nSHORT DESCRIPTION\n", Texts[topic], StringComparison.Ordinal);
        Assert.Contains("\nSEE ALSO\n", Texts[topic], StringComparison.Ordinal);
        Assert.All(Texts[topic].Split('\n'), line => Assert.InRange(line.Length, 0, TerminalWidth - 1));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void Cmdlets_and_topics_that_it_names_exist(string topic)
    {
        IEnumerable<string> cmdlets = OwnCmdlet().Matches(Texts[topic]).Select(m => m.Value).Distinct();
        Assert.All(cmdlets, name => Assert.Contains(name, CmdletModel.All.Keys));
        Assert.All(About().Matches(Texts[topic]).Select(m => m.Value), name => Assert.Contains(name, Texts.Keys));
    }

    [Fact]
    public void The_first_topic_leads_to_every_cmdlet_and_every_other_topic()
    {
        Assert.All(CmdletModel.All.Keys, name => Assert.Contains(name, Section(Start, "SEE ALSO"), StringComparison.Ordinal));
        Assert.All(Texts.Keys.Where(name => name != Start), name => Assert.Contains(name, Section(Start, "SEE ALSO"), StringComparison.Ordinal));
        Assert.All(Texts.Keys.Where(name => name != Start), name => Assert.Contains(Start, Section(name, "SEE ALSO"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_claim_of_ten_lines_is_true() =>
        Assert.Equal(10, Section(Start, "TEN LINES TO THE FIRST ANSWER").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

    [Fact]
    public void Help_of_every_cmdlet_leads_to_a_topic()
    {
        XNamespace maml = "http://schemas.microsoft.com/maml/2004/10";
        XNamespace command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
        Assert.All(ModuleFiles.Help.Descendants(command + "command"), help =>
        {
            string[] links = [.. help.Descendants(maml + "linkText").Select(link => link.Value).Where(text => text.StartsWith("about_", StringComparison.Ordinal))];
            Assert.NotEmpty(links);
            Assert.All(links, name => Assert.Contains(name, Texts.Keys));
        });
    }

    [Fact]
    public void Causes_and_scenarios_of_the_broken_pipe_exist()
    {
        string section = Section(BrokenPipe, "WHICH ONE WAS IT?");
        string[] causes = [.. Row().Matches(section).Select(m => m.Groups[1].Value)];
        Assert.NotEmpty(causes);
        Assert.All(causes, name => Assert.Single(CauseSummary.Matching(name)));
        string[] scenarios = ["WriteAfterClose", "PipeReaderGone"];
        Assert.All(scenarios, name =>
        {
            Assert.Contains(name, section, StringComparison.Ordinal);
            Assert.Contains(ScenarioCatalog.All, scenario => scenario.Name == name);
        });
    }

    [Fact]
    public void Every_statement_on_a_system_has_its_source()
    {
        string[] statements = [.. SystemStatement().Matches(Section(BrokenPipe, "WHICH SYSTEM RETURNS WHAT")).Select(m => m.Value)];
        Assert.Equal(0, statements.Length % 4);
        Assert.All(statements, text => Assert.Matches(@"\[(measured|source|documented)\]|not documented", text));

        // This project can only be tested on Linux.
        Assert.All(statements, text => Assert.Equal(text.TrimStart().StartsWith("Linux", StringComparison.Ordinal), text.Contains("[measured]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_language_has_the_source_of_its_statements() => Assert.All(
        Regex.Split(Section(BrokenPipe, "IN CODE"), @"^ {4}(?=\S)", RegexOptions.Multiline).Where(part => part.Trim().Length > 0),
        part => Assert.Matches(@"\[(measured|documented)", part));

    private static string Section(string topic, string heading)
    {
        Match section = Regex.Match(Texts[topic], $@"^{Regex.Escape(heading)}\n(?<text>(?:(?: .*)?\n)*)", RegexOptions.Multiline);
        Assert.True(section.Success, $"{topic} has no {heading}");
        return section.Groups["text"].Value;
    }

    /// <summary>Matches a cmdlet with one of this module's nouns, or one that could be.</summary>
    [GeneratedRegex(@"\b[A-Z][a-z]+-(?:Pcap|BrokenPipe|Tcp)\w*")]
    private static partial Regex OwnCmdlet();

    [GeneratedRegex(@"\babout_\w+")]
    private static partial Regex About();

    [GeneratedRegex(@"^ {4}([A-Z]\w+) {2,}\S", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>Matches the system's name with an indentation of eight, and its text there and in the lines below with a larger indentation.</summary>
    [GeneratedRegex(@"^ {8}(?:Linux|macOS|FreeBSD|Windows) .*\n(?: {18}.*\n)*", RegexOptions.Multiline)]
    private static partial Regex SystemStatement();
}
