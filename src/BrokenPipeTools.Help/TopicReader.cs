using Markdig;
using Markdig.Syntax;

namespace BrokenPipeTools.Help;

/// <summary>Reads one Markdown file of help. It has the headings of PowerShell's own documentation.</summary>
internal sealed class TopicReader
{
    /// <summary>The sections in their order. SYNTAX is missing, because it comes from the compiled cmdlet.</summary>
    private static readonly string[] Sections = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePreciseSourceLocation().Build();

    private readonly string _file;
    private readonly List<HelpProblem> _problems;
    private readonly BlockText _text;
    private readonly Dictionary<string, List<Block>> _sections = [];

    private TopicReader(string file, List<HelpProblem> problems)
    {
        _file = file;
        _problems = problems;
        _text = new(file, problems);
    }

    /// <summary>Returns the topic. Its errors are added to the problems, and the rest is still read.</summary>
    /// <param name="file">Path of the file: for messages and for its links.</param>
    /// <param name="markdown">The content of the file.</param>
    /// <param name="problems">Receives the problems.</param>
    public static HelpTopic Read(string file, string markdown, List<HelpProblem> problems) =>
        new TopicReader(file, problems).Read(Markdown.Parse(markdown, Pipeline));

    private HelpTopic Read(MarkdownDocument document)
    {
        string name = SplitIntoSections(document);
        HelpTopic topic = new()
        {
            File = _file,
            Name = name,
            Synopsis = Blocks("SYNOPSIS"),
            Description = Blocks("DESCRIPTION"),
            Examples = Entries("EXAMPLES"),
            Parameters = [.. Entries("PARAMETERS").Select(WithoutHyphen)],
            Inputs = Entries("INPUTS"),
            Outputs = Entries("OUTPUTS"),
            Notes = Blocks("NOTES"),
            Links = [.. Blocks("RELATED LINKS").Select(ToLink)],
        };
        return topic with { CodeNames = _text.CodeNames };
    }

    /// <summary>Returns the title. Each section must exist once, in the order of the list.</summary>
    private string SplitIntoSections(MarkdownDocument document)
    {
        string? title = null;
        List<Block>? section = null;
        foreach (Block block in document)
        {
            if (block is HeadingBlock { Level: 1 } first && title is null)
                title = _text.Plain(first);
            else if (block is HeadingBlock { Level: < 3 } heading)
                section = Begin(heading);
            else if (section is not null)
                section.Add(block);
            else
                Report(block, "text above the first section; begin with '# <name of the cmdlet>', then '## SYNOPSIS'");
        }

        if (title is null)
            _problems.Add(new(_file, 1, "no title; begin with '# <name of the cmdlet>'"));
        foreach (string missing in Sections.Where(name => !_sections.ContainsKey(name)))
            _problems.Add(new(_file, document.LineCount, $"section missing: '## {missing}'"));
        return title ?? "";
    }

    private List<Block> Begin(HeadingBlock heading)
    {
        string name = _text.Plain(heading);
        int place = Array.IndexOf(Sections, name);
        List<Block> blocks = [];
        if (place < 0)
            Report(heading, $"unknown section '{name}'; valid: {string.Join(", ", Sections)}");
        else if (!_sections.TryAdd(name, blocks))
            Report(heading, $"section '{name}' comes twice");
        else if (_sections.Keys.Any(other => Array.IndexOf(Sections, other) > place))
            Report(heading, $"section '{name}' is out of order; the order is {string.Join(", ", Sections)}");
        return blocks;
    }

    private HelpBlock[] Blocks(string section)
    {
        List<HelpBlock> blocks = [];
        foreach (Block block in _sections.GetValueOrDefault(section) ?? [])
        {
            if (block is HeadingBlock)
                Report(block, $"a heading in '{section}', which has none; write a paragraph");
            else
                blocks.AddRange(_text.Read(block));
        }

        return [.. blocks];
    }

    private HelpEntry[] Entries(string section)
    {
        List<HelpEntry> entries = [];
        List<HelpBlock> blocks = [];
        foreach (Block block in _sections.GetValueOrDefault(section) ?? [])
        {
            if (block is HeadingBlock { Level: 3 } heading)
                entries.Add(new(_text.Plain(heading), BlockText.LineOf(heading), blocks = []));
            else if (block is HeadingBlock || entries.Count == 0)
                Report(block, $"not below a '###' heading of '{section}'; each entry has one");
            else
                blocks.AddRange(_text.Read(block));
        }

        foreach (HelpEntry empty in entries.Where(entry => entry.Blocks.Count == 0))
            _problems.Add(new(_file, empty.Line, $"'{empty.Title}' has no text"));
        return [.. entries];
    }

    private HelpEntry WithoutHyphen(HelpEntry entry)
    {
        if (!entry.Title.StartsWith('-'))
            _problems.Add(new(_file, entry.Line, $"'{entry.Title}' is not a parameter; write '### -{entry.Title}'"));
        return entry with { Title = entry.Title.TrimStart('-') };
    }

    private HelpLink ToLink(HelpBlock block)
    {
        if (!block.Text.StartsWith("- ", StringComparison.Ordinal))
            _problems.Add(new(_file, block.Line, "not a list item; write '- [text](target)'"));
        return new(block.Text.TrimStart('-', ' '), block.Line);
    }

    private void Report(Block block, string message) => _problems.Add(new(_file, BlockText.LineOf(block), message));
}
