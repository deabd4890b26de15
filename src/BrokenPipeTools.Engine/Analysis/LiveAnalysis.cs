using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Analysis;

/// <summary>Captures on an interface and analyzes the packets at the same time. It can also write the packets to a file.</summary>
internal sealed class LiveAnalysis : IDisposable
{
    private readonly ILiveCapture _capture;

    private LiveAnalysis(ILiveCapture capture, CloseAnalyzer analyzer)
    {
        _capture = capture;
        Analyzer = analyzer;
    }

    /// <summary>Returns the records. Those of open connections follow when the capture has ended.</summary>
    public CloseAnalyzer Analyzer { get; }

    /// <summary>How much of the capture's duration is left; null if it has none.</summary>
    public TimeSpan? Remaining => _capture.Remaining;

    /// <summary>Begins to capture.</summary>
    /// <param name="library">The capture library.</param>
    /// <param name="capture">The interface, the filter and the options of the capture.</param>
    /// <param name="options">The bounds of the analysis; <see cref="AnalyzerOptions.LiveLinger"/> suits it.</param>
    /// <param name="recordTo">A file (pcapng) that keeps every frame; null for none.</param>
    /// <param name="overwrite">True to replace the file if it exists.</param>
    /// <exception cref="LiveCaptureException">The interface cannot be captured on. No file has been made.</exception>
    /// <exception cref="CaptureWriteException">The file exists already, or cannot be written.</exception>
    public static LiveAnalysis Open(ICaptureLibrary library, LiveCaptureOptions capture, AnalyzerOptions options, string? recordTo = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(library);
        ILiveCapture source = OpenIn(capture.NetworkNamespace, library, capture);
        try
        {
            return new LiveAnalysis(source, new CloseAnalyzer(recordTo is null ? source : Record(source, recordTo, overwrite), options));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Ends the capture; may be called from any thread.</summary>
    public void Stop() => _capture.Stop();

    public void Dispose() => Analyzer.Dispose();

    private static ILiveCapture OpenIn(string? place, ICaptureLibrary library, LiveCaptureOptions capture)
    {
        if (string.IsNullOrEmpty(place))
            return library.Open(capture);
        if (!OperatingSystem.IsLinux())
            throw new LiveCaptureException(LiveCaptureFault.NetworkNamespaceNotFound, capture.InterfaceName, $"{place}: only Linux has network namespaces");
        try
        {
            using NetworkNamespace? entered = NetworkNamespace.OpenUnlessOwn(place);
            return library.Open(entered is null ? capture : capture with { Opening = entered.Inside });
        }
        catch (NetworkNamespaceException e)
        {
            LiveCaptureFault fault = e.Fault switch
            {
                NetworkNamespaceFault.NotFound => LiveCaptureFault.NetworkNamespaceNotFound,
                NetworkNamespaceFault.AccessDenied => LiveCaptureFault.NetworkNamespaceAccessDenied,
                _ => LiveCaptureFault.NetworkNamespaceInvalid,
            };
            throw new LiveCaptureException(fault, capture.InterfaceName, $"{place}: {e.Problem}");
        }
    }

    private static RecordingSource Record(ILiveCapture source, string path, bool overwrite)
    {
        try
        {
            PcapWriter writer = PcapWriter.Create(path, overwrite);
            return new RecordingSource(source, writer, new PcapWriterInterface
            {
                LinkType = source.LinkType,
                Name = source.Name,
                Filter = source.Filter,
                SnapLength = source.SnapLength,
            });
        }
        catch (IOException e) when (!overwrite && FileEntry.Of(path) is not null)
        {
            throw new CaptureWriteException(path, e) { IsThereAlready = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CaptureWriteException(path, e as IOException ?? new IOException("permission denied; this user cannot write it", e));
        }
    }
}
