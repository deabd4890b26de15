using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Resolves wildcards in a file name, for shells that do not (cmd.exe).</summary>
internal static class FileNames
{
    /// <summary>Returns the files for a name; the name itself if no file matches, so that opening it reports that.</summary>
    public static IReadOnlyList<string> Expand(string name)
    {
        string pattern = Path.GetFileName(name);
        if (name == CaptureFile.StandardInput || pattern.AsSpan().IndexOfAny('*', '?') < 0 || File.Exists(name))
            return [name];
        try
        {
            string folder = Path.GetDirectoryName(name) is { Length: > 0 } parent ? parent : ".";
            string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
            Array.Sort(found, StringComparer.Ordinal);
            return found.Length > 0 ? found : [name];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [name]; // a folder that may not be listed
        }
    }
}
