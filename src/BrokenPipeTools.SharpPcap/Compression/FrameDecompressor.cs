using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.SharpPcap.Compression;

/// <summary>Decompresses zstd (ZstdSharp.Port) and lz4 (K4os.Compression.LZ4).</summary>
internal sealed class FrameDecompressor : IDecompressor
{
    /// <summary>The decompressor of this process.</summary>
    public static FrameDecompressor Instance { get; } = new();

    /// <inheritdoc/>
    public Stream Open(Stream compressed)
    {
        ArgumentNullException.ThrowIfNull(compressed);
        return new FramedInput(compressed);
    }
}
