using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Bridging;

/// <summary>The capture library of the cmdlets: SharpPcap is loaded when the first interface is listed or opened.</summary>
internal sealed class SessionCaptureLibrary : ICaptureLibrary
{
    private readonly Lazy<ICaptureLibrary> _bridge = new(Load);

    private SessionCaptureLibrary()
    {
    }

    public static SessionCaptureLibrary Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<PcapInterface> GetInterfaces() => _bridge.Value.GetInterfaces();

    /// <inheritdoc/>
    public ILiveCapture Open(LiveCaptureOptions options) => _bridge.Value.Open(options);

    /// <exception cref="LiveCaptureException">A file of the module is missing or damaged.</exception>
    private static ICaptureLibrary Load()
    {
        try
        {
            return BridgeLoader.Create<ICaptureLibrary>("BrokenPipeTools.SharpPcap.Live.CaptureLibrary");
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            throw new LiveCaptureException(LiveCaptureFault.LibraryMissing, null, $"a file of this module is missing or damaged: {e.Message}; install the module again");
        }
    }
}
