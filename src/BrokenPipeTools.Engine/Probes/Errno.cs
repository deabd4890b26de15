namespace BrokenPipeTools.Probes;

/// <summary>Error names across platforms.</summary>
internal static class Errno
{
    /// <summary>Winsock's errors have the POSIX names with three letters before (winsock2.h).</summary>
    public static string Portable(string result) => result.StartsWith("WSA", StringComparison.Ordinal) ? result[3..] : result;
}
