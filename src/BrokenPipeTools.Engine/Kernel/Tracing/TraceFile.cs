using System.Runtime.Versioning;
using System.Text;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>Reads and writes the small text files of tracefs and procfs.</summary>
[SupportedOSPlatform("linux")]
internal static class TraceFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Reads a file, up to 1 MiB. Returns null if the file does not exist or cannot be read.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads a file, up to 1 MiB.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read the file.</exception>
    public static string Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (length < MostBytes && file.Read(buffer.AsSpan(length)) is > 0 and int read)
        {
            length += read;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }

        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>Writes a value in a single write call, which the kernel's files require.</summary>
    /// <exception cref="IOException">The kernel does not accept it.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not write the file.</exception>
    public static void Write(string path, string value)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(Encoding.UTF8.GetBytes(value));
    }
}
