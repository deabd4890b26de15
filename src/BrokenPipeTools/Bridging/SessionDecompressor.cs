using BrokenPipeTools.Capture.Files;

namespace BrokenPipeTools.Bridging;

/// <summary>The decoders of zstd and lz4 for the cmdlets: loaded with the first file that needs them.</summary>
internal sealed class SessionDecompressor : IDecompressor
{
    private readonly Lazy<IDecompressor> _bridge = new(Load);

    private SessionDecompressor()
    {
    }

    public static SessionDecompressor Instance { get; } = new();

    /// <inheritdoc/>
    public Stream Open(Stream compressed) => _bridge.Value.Open(compressed);

    private static IDecompressor Load()
    {
        try
        {
            return BridgeLoader.Create<IDecompressor>("BrokenPipeTools.SharpPcap.Compression.FrameDecompressor");
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            throw new IOException($"a file of this module is missing or damaged: {e.Message}; install the module again", e);
        }
    }
}
