namespace BrokenPipeTools.Tests.House;

/// <summary>The files of a folder that people write: what a build makes is left out.</summary>
internal static class SourceFiles
{
    /// <summary>Returns the files that match a pattern, in the folder and in those below it.</summary>
    public static IEnumerable<string> In(string folder, string pattern = "*.cs") =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
