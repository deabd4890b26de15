using System.Text.RegularExpressions;
using System.Xml.Linq;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Module;

/// <summary>The files of the repository that describe the module beside its code.</summary>
internal static partial class ModuleFiles
{
    public static string Manifest => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "BrokenPipeTools.psd1"));

    public static XDocument Help => XDocument.Load(Path.Combine(RepositoryFiles.Root, "en-US", "BrokenPipeTools.dll-Help.xml"));

    public static XDocument Formats => XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools", "BrokenPipeTools.Format.ps1xml"));

    public static XDocument Types => XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", "BrokenPipeTools", "BrokenPipeTools.Types.ps1xml"));

    /// <summary>A value of the manifest: one quoted string, or those of an @(…).</summary>
    public static IReadOnlyList<string> ManifestValue(string key)
    {
        Match entry = Regex.Match(Manifest, $@"^\s*{key}\s*=\s*(?<value>@\([^)]*\)|'[^']*')", RegexOptions.Multiline);
        Assert.True(entry.Success, $"the manifest has no {key}");
        return Quoted().Matches(entry.Groups["value"].Value).Select(m => m.Groups[1].Value).ToArray();
    }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
