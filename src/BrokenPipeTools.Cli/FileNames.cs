using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Cli;

/// <summary>Wildcards in a file name, for shells that leave them to the program (cmd.exe).</summary>
internal static class FileNames
{
    public static IEnumerable<string> Expand(string name)
    {
        string pattern = Path.GetFileName(name);
        if (name == CaptureFile.StandardInput || File.Exists(name) || pattern.AsSpan().IndexOfAny('*', '?') < 0)
            return [name];
        string folder = Path.GetDirectoryName(name) is { Length: > 0 } parent ? parent : ".";
        string[] found = Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length > 0 ? found : [name];
    }
}
