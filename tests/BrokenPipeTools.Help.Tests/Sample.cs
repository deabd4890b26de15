using System.Xml.Linq;

namespace BrokenPipeTools.Help.Tests;

/// <summary>Makes the help of the sample cmdlets from Markdown.</summary>
internal static class Sample
{
    public static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    public static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    public static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help of Get-Sample, without a fault.</summary>
    public const string Text = """
        # Get-Sample

        ## SYNOPSIS

        Gets samples.

        ## DESCRIPTION

        Gets them.

        ## EXAMPLES

        ### All of them

        ```powershell
        Get-Sample *
        ```

        ```output
        1.0
        ```

        Gets all.

        ## PARAMETERS

        ### -Name

        Names.

        ### -Id

        The id.

        ### -Wait

        How long to wait.

        ### -Kind

        Kinds.

        ### -Ratio

        The ratio.

        ### -Limit

        The limit.

        ### -Start

        The start.

        ### -Port

        The port.

        ### -All

        All.

        ### -WhatIf

        Shows it.

        ### -Confirm

        Asks.

        ## INPUTS

        ### System.String

        Names.

        ## OUTPUTS

        ### System.Version

        Versions.

        ## NOTES

        None.

        ## RELATED LINKS

        - [RFC 9293](https://www.rfc-editor.org/rfc/rfc9293)

        """;

    public static IReadOnlyList<CmdletShape> Cmdlets { get; } = new CmdletReader(typeof(Sample).Assembly.Location).ReadAll();

    public static CmdletShape Get { get; } = Cmdlets.Single(cmdlet => cmdlet.Name == "Get-Sample");

    /// <summary>Returns the problems of a text of Get-Sample, as the build prints them, without the path.</summary>
    public static IReadOnlyList<string> Problems(string markdown) => [.. Read(markdown).Problems.Select(p => $"{p.Line}: {p.Message}")];

    /// <summary>Returns the help of Get-Sample, whose text has no fault.</summary>
    public static XElement Help(string markdown)
    {
        (HelpTopic topic, List<HelpProblem> problems) = Read(markdown);
        Assert.Empty(problems);
        return MamlDocument.Build([(Get, topic)]).Root!.Elements(Command + "command").Single();
    }

    /// <summary>Returns the paragraphs of a description in place of the one of Get-Sample.</summary>
    public static IReadOnlyList<string> Description(string markdown) =>
        [.. Help(Text.Replace("Gets them.", markdown, StringComparison.Ordinal)).Element(Maml + "description")!.Elements().Select(para => para.Value)];

    private static (HelpTopic Topic, List<HelpProblem> Problems) Read(string markdown)
    {
        List<HelpProblem> problems = [];
        HelpTopic topic = TopicReader.Read("Get-Sample.md", markdown, problems);
        problems.AddRange(new TopicChecks([Get], name => Type.GetType(name) is not null, ["Verbose"]).Check([topic], ""));
        problems.AddRange(new CodeChecks([Get]).Check(topic));
        return (topic, problems);
    }
}
