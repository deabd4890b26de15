using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace BrokenPipeTools.Help;

/// <summary>Converts Markdown to the plain paragraphs that Get-Help can show, and reports unsupported Markdown.</summary>
/// <param name="file">Path of the Markdown file; links are relative to it.</param>
/// <param name="problems">Receives the problems.</param>
internal sealed class BlockText(string file, List<HelpProblem> problems)
{
    private readonly List<CodeName> _codeNames = [];

    public IReadOnlyList<CodeName> CodeNames => _codeNames;

    /// <summary>Returns a paragraph as one block of text, a list as one block per item, and a code block as one unchanged block.</summary>
    public IEnumerable<HelpBlock> Read(Block block) => block switch
    {
        ParagraphBlock paragraph => [new(BlockKind.Text, Plain(paragraph), LineOf(block))],
        ListBlock list => list.Cast<ListItemBlock>().SelectMany(item => ReadItem(list, item)),
        CodeBlock code => [new(KindOf(code), string.Join('\n', code.Lines.Lines.Take(code.Lines.Count).Select(line => line.Slice.ToString())), LineOf(block))],
        _ => Refuse(block),
    };

    /// <summary>Returns the text of a heading or paragraph without Markdown syntax.</summary>
    public string Plain(LeafBlock block)
    {
        StringBuilder text = new();
        foreach (Inline inline in block.Inline ?? [])
            Append(text, inline);
        return text.ToString();
    }

    /// <summary>Returns the line in the file, from 1.</summary>
    public static int LineOf(MarkdownObject syntax) => syntax.Line + 1;

    private HelpBlock[] ReadItem(ListBlock list, ListItemBlock item)
    {
        if (item is not [ParagraphBlock paragraph])
            return Refuse(item, "a list item of more than one paragraph; write one paragraph per item");
        string mark = list.IsOrdered ? $"{item.Order}." : "-";
        return [new(BlockKind.Text, $"{mark} {Plain(paragraph)}", LineOf(item))];
    }

    /// <summary>Returns the kind of a code block: in an example, powershell marks code; any other block is output or a file.</summary>
    private static BlockKind KindOf(CodeBlock block) => block is FencedCodeBlock { Info: "powershell" } ? BlockKind.Code : BlockKind.Output;

    private HelpBlock[] Refuse(MarkdownObject syntax, string? what = null)
    {
        problems.Add(new(file, LineOf(syntax), $"Get-Help cannot show {what ?? $"this ({syntax.GetType().Name}); write paragraphs, lists and code blocks"}"));
        return [];
    }

    private void Append(StringBuilder text, Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Append(text, literal);
                break;
            case CodeInline code:
                _codeNames.Add(new(code.Content, LineOf(code)));
                text.Append(code.Content);
                break;
            case LineBreakInline lineBreak:
                text.Append(lineBreak.IsHard ? '\n' : ' ');
                break;
            case HtmlEntityInline entity:
                text.Append(entity.Transcoded.ToString());
                break;
            case AutolinkInline address:
                text.Append(address.Url);
                break;
            case LinkInline { IsImage: false } link:
                Append(text, link);
                break;
            case LinkDelimiterInline bracket:
                ReportNoLink(bracket, bracket.ToLiteral());
                break;
            case EmphasisInline emphasis:
                AppendAll(text, emphasis);
                break;
            default:
                Refuse(inline);
                break;
        }
    }

    private void AppendAll(StringBuilder text, ContainerInline container)
    {
        foreach (Inline inline in container)
            Append(text, inline);
    }

    private void Append(StringBuilder text, LiteralInline literal)
    {
        string content = literal.Content.ToString();
        if (content.Contains("](", StringComparison.Ordinal))
            ReportNoLink(literal, content);
        text.Append(content);
    }

    /// <summary>Reports text that looks like a link but is not parsed as one, because readers would see its syntax.</summary>
    private void ReportNoLink(Inline inline, string text) =>
        problems.Add(new(file, LineOf(inline), $"'{text}': not a link; write [text](target) with a target without spaces, or code style if it is not meant as a link"));

    /// <summary>Appends a link. For a link within the repository its text is enough; a web address is added after it.</summary>
    private void Append(StringBuilder text, LinkInline link)
    {
        AppendAll(text, link);
        string target = link.Url ?? "";
        if (target.StartsWith("https://", StringComparison.Ordinal))
            text.Append(" (").Append(target).Append(')');
        else if (!File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, target)))
            problems.Add(new(file, LineOf(link), $"unknown link '{target}'; name a file relative to this one, or an https address"));
    }
}
