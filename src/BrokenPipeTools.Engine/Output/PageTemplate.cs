using System.Security.Cryptography;
using System.Text;

namespace BrokenPipeTools.Output;

/// <summary>
/// The parts of the page around the connections. The page is one file that contains its style and its script. Its Content Security Policy contains
/// the hashes of both, so the browser runs nothing else, and loads nothing.
/// </summary>
internal static class PageTemplate
{
    private static readonly string Style = Read("page.css");
    private static readonly string Script = Read("page.js");
    private static readonly string Page = Read("page.html")
        .Replace("{{policy}}", Policy, StringComparison.Ordinal)
        .Replace("{{style}}", Style, StringComparison.Ordinal)
        .Replace("{{script}}", Script, StringComparison.Ordinal);

    private const string Connections = "{{connections}}";
    private const string Texts = "{{texts}}";
    private const string Overview = "{{overview}}";

    /// <summary>The policy (Content Security Policy, level 3): nothing is loaded, no form is sent, and no text becomes HTML.</summary>
    public static string Policy =>
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>The part of the page before the connections.</summary>
    public static string Head { get; } = Page[..Page.IndexOf(Connections, StringComparison.Ordinal)];

    /// <summary>The part between the connections and the texts that they share.</summary>
    public static string AfterConnections { get; } = Between(Connections, Texts);

    /// <summary>The part between the texts and the overview.</summary>
    public static string AfterTexts { get; } = Between(Texts, Overview);

    /// <summary>The part after the overview.</summary>
    public static string Tail { get; } = Page[(Page.IndexOf(Overview, StringComparison.Ordinal) + Overview.Length)..];

    private static string Between(string left, string right) => Page[(Page.IndexOf(left, StringComparison.Ordinal) + left.Length)..Page.IndexOf(right, StringComparison.Ordinal)];

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>Reads a file in the assembly. Line ends are replaced by line feeds, because browsers compute the hashes over lines that end so.</summary>
    private static string Read(string name)
    {
        using Stream stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"BrokenPipeTools.{name}")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
