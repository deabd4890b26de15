using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Resolves wildcards in file names, for shells that do not do that (cmd.exe).</summary>
internal static class FileNames
{
    /// <summary>Returns the files that match a name. If no file matches, returns the name itself, and opening it reports the error.</summary>
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
            return [name]; // the folder may not be listed
        }
    }
}
