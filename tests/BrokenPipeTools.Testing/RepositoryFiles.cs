using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Testing;

/// <summary>The files of this repository, as the tests were built from it.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder with the manifest of the module.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Captures with their golden records, and the public captures and field cases in folders below.</summary>
    public static string Captures { get; } = Path.Combine(Root, "tests", "captures");

    /// <summary>Returns the files that people write (a build's are left out) and that match a pattern, in the folder and in those below it.</summary>
    public static IEnumerable<string> In(string folder, string pattern = "*.cs") =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static string FindRoot([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
