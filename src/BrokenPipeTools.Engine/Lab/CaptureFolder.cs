namespace BrokenPipeTools.Lab;

/// <summary>The folder that keeps the packets of scenarios.</summary>
internal static class CaptureFolder
{
    /// <summary>The extensions of capture files that Wireshark proposes.</summary>
    private static readonly string[] FileExtensions = [".pcapng", ".pcap", ".cap"];

    /// <summary>
    /// Returns why a path is probably not meant as a folder: it has the name of a capture file, and is not an existing folder. Returns null if the path
    /// can be used.
    /// </summary>
    public static string? ProblemOf(string path) =>
        FileExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) && !Directory.Exists(path)
            ? "the name of a capture file, but each scenario writes a file of its own; name the folder for these files"
            : null;
}
