namespace BrokenPipeTools.Help;

internal enum BlockKind
{
    /// <summary>A paragraph, or one item of a list with its mark.</summary>
    Text,

    /// <summary>Preformatted text: output, a table, a file.</summary>
    Output,

    /// <summary>PowerShell code.</summary>
    Code,
}

/// <summary>One paragraph of Get-Help.</summary>
/// <param name="Kind">Text, output or code.</param>
/// <param name="Text">Plain text without Markdown syntax. Lines are separated by LF.</param>
/// <param name="Line">Line of its first character in the Markdown file, from 1.</param>
internal sealed record HelpBlock(BlockKind Kind, string Text, int Line);

/// <summary>A heading with the paragraphs below it: a parameter, an example, a type.</summary>
internal sealed record HelpEntry(string Title, int Line, IReadOnlyList<HelpBlock> Blocks);

/// <summary>One related link. A web address is part of the text, because Get-Help -Online would open the first address of a topic.</summary>
internal sealed record HelpLink(string Text, int Line);

/// <summary>A name in code style, such as a parameter, which a check looks up.</summary>
internal sealed record CodeName(string Text, int Line);

/// <summary>The help of one cmdlet in its Markdown file: only the texts that do not come from the compiled cmdlet.</summary>
internal sealed record HelpTopic
{
    /// <summary>Path of the Markdown file, as given.</summary>
    public required string File { get; init; }

    /// <summary>Heading of the file: the name of the cmdlet.</summary>
    public required string Name { get; init; }

    public IReadOnlyList<HelpBlock> Synopsis { get; init; } = [];

    public IReadOnlyList<HelpBlock> Description { get; init; } = [];

    public IReadOnlyList<HelpEntry> Examples { get; init; } = [];

    /// <summary>One entry per parameter; the title is its name without the hyphen.</summary>
    public IReadOnlyList<HelpEntry> Parameters { get; init; } = [];

    /// <summary>One entry per type that the cmdlet accepts from the pipeline.</summary>
    public IReadOnlyList<HelpEntry> Inputs { get; init; } = [];

    /// <summary>One entry per type that the cmdlet writes.</summary>
    public IReadOnlyList<HelpEntry> Outputs { get; init; } = [];

    public IReadOnlyList<HelpBlock> Notes { get; init; } = [];

    public IReadOnlyList<HelpLink> Links { get; init; } = [];

    /// <summary>Names in code style, from the whole file.</summary>
    public IReadOnlyList<CodeName> CodeNames { get; init; } = [];
}
