using BrokenPipeTools.Bridging;
using BrokenPipeTools.Live;

namespace BrokenPipeTools.Reading;

/// <summary>A live capture for a cmdlet: it is opened with the first record asked for, as files are, so that what goes wrong comes out in one place.</summary>
internal sealed class LiveReading(LiveCaptureOptions capture, string? recordTo, bool overwrite, CancellationToken cancellation)
{
    private volatile LiveAnalysis? _analysis; // closed with what Read returns
    private volatile bool _stopped;

    /// <summary>How much of the duration is left; null where there is none.</summary>
    public TimeSpan? Remaining => _analysis?.Remaining;

    public CaptureReading Read(AnalyzerOptions options) => new(capture.InterfaceName, () => Open(options), cancellation);

    /// <summary>Ends the capture, from any thread; what was captured still comes out.</summary>
    public void Stop()
    {
        _stopped = true;
        _analysis?.Stop();
    }

    private CloseAnalyzer Open(AnalyzerOptions options)
    {
        _analysis = LiveAnalysis.Open(SessionCaptureLibrary.Instance, capture, options, recordTo, overwrite);
        if (_stopped)
            _analysis.Stop();
        return _analysis.Analyzer;
    }
}
