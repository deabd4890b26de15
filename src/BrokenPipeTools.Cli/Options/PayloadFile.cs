using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Cli.Options;

/// <summary>Reads the payload of a probe from a file or from standard input. It reads no more than may be sent, because the file may be a device.</summary>
internal static class PayloadFile
{
    private const string StandardInput = "-";
    private const int ChunkBytes = 64 << 10;

    /// <exception cref="IOException">The payload cannot be read, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">The payload may not be read.</exception>
    public static byte[] Read(string file)
    {
        using Stream input = file == StandardInput ? CaptureStream.OpenStandardInput(CancellationToken.None) : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using MemoryStream read = new();
        byte[] chunk = new byte[ChunkBytes];
        for (int count; (count = input.Read(chunk)) > 0;)
        {
            if (read.Length + count > TeardownOptions.MaxPayloadBytes)
                throw new IOException($"{(file == StandardInput ? "standard input" : file)}: larger than 16 MiB, the limit for a payload");
            read.Write(chunk, 0, count);
        }

        return read.ToArray();
    }
}
