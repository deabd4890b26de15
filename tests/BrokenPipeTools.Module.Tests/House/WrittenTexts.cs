using System.Text.RegularExpressions;
using BrokenPipeTools.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BrokenPipeTools.Tests.House;

/// <summary>A line of text that people read.</summary>
/// <param name="File">The path of the file, below the repository's root.</param>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Text">The text, without the code and examples around it.</param>
internal readonly record struct WrittenText(string File, int Line, string Text);

/// <summary>Collects the texts of the repository: comments, README files, help, messages, test names.</summary>
internal static partial class WrittenTexts
{
    private static readonly string[] Quotations = ["PlainEnglishTests.cs", "AmericanSpellingTests.cs"]; // they have the words that they forbid

    private static readonly string Root = RepositoryFiles.Root;

    private static readonly string Sources = Path.Combine(Root, "src");

    private static readonly string Tests = Path.Combine(Root, "tests");

    /// <summary>Comments and Markdown of the code that ships, the README and the help topics.</summary>
    public static IEnumerable<WrittenText> OfProduct() =>
    [
        .. RepositoryFiles.In(Sources).SelectMany(Comments), .. RepositoryFiles.In(Sources, "*.md").Append(Path.Combine(Root, "README.md")).SelectMany(Markdown),
        .. RepositoryFiles.In(Path.Combine(Root, "en-US"), "about_*.help.txt").SelectMany(path => Lines(path, line => line)),
    ];

    /// <summary>Comments and Markdown of the tests, and the sentences that name tests and specs.</summary>
    public static IEnumerable<WrittenText> OfTests()
    {
        string[] code = [.. RepositoryFiles.In(Tests).Where(IsNoQuotation)];
        string[] specs = [.. RepositoryFiles.In(Tests, "*.ps1")];
        return
        [
            .. code.SelectMany(Comments), .. code.SelectMany(path => Lines(path, line => TestName().Match(line).Groups["name"].Value.Replace('_', ' '))),
            .. specs.SelectMany(path => Lines(path, line => ScriptComment().Match(line).Value)), .. specs.SelectMany(path => Lines(path, line => SpecName().Match(line).Groups["name"].Value)),
            .. RepositoryFiles.In(Tests, "*.md").SelectMany(Markdown),
        ];
    }

    /// <summary>The string literals of the code that ships, also the texts within interpolated ones.</summary>
    public static IEnumerable<WrittenText> Literals()
    {
        foreach (string path in RepositoryFiles.In(Sources))
        {
            SyntaxNode root = CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot();
            foreach (SyntaxToken token in root.DescendantTokens().Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringTextToken))
                yield return new WrittenText(Path.GetRelativePath(Root, path), token.GetLocation().GetLineSpan().StartLinePosition.Line + 1, token.ValueText);
        }
    }

    /// <summary>Each line of code, scripts, Markdown and help topics; also of the files for contributors.</summary>
    public static IEnumerable<WrittenText> AllLines() =>
    [
        .. new[] { Sources, Tests }.SelectMany(folder => new[] { "*.cs", "*.ps1", "*.psm1", "*.md", "*.pkt", "*.html" }.SelectMany(kind => RepositoryFiles.In(folder, kind)))
            .Where(IsNoQuotation).SelectMany(path => Lines(path, line => line)),
        .. new[] { "README.md", "CHANGELOG.md", Path.Combine(".github", "CONTRIBUTING.md"), "BrokenPipeTools.psd1", "build.ps1" }.SelectMany(name => Lines(Path.Combine(Root, name), line => line)),
        .. RepositoryFiles.In(Path.Combine(Root, "en-US"), "about_*.help.txt").SelectMany(path => Lines(path, line => line)),
    ];

    private static bool IsNoQuotation(string path) => !Quotations.Contains(Path.GetFileName(path));

    private static IEnumerable<WrittenText> Comments(string path) => Lines(path, line => Comment().Match(line).Value);

    /// <summary>Returns the lines without code blocks, which contain output and names of other programs.</summary>
    private static IEnumerable<WrittenText> Markdown(string path)
    {
        bool isExample = false;
        return Lines(path, line =>
        {
            isExample ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            return isExample ? "" : line;
        });
    }

    private static IEnumerable<WrittenText> Lines(string path, Func<string, string> text) =>
        File.ReadLines(path).Select((line, i) => new WrittenText(Path.GetRelativePath(Root, path), i + 1, text(line))).Where(written => written.Text.Length > 0);

    [GeneratedRegex(@"(^|\s)//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"(^|\s)#(?!>|region|endregion|requires).*$")]
    private static partial Regex ScriptComment();

    [GeneratedRegex(@"\b(?:void|Task) (?<name>[A-Z]\w*_\w+)\(")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^\s*(?:It|Describe|Context) '(?<name>(?:[^']|'')+)'")]
    private static partial Regex SpecName();
}
