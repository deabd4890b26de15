namespace BrokenPipeTools.Capture;

/// <summary>A source that may wait for another program, and that can check for frames without waiting.</summary>
internal interface IBufferedSource : ICaptureSource
{
    /// <summary>Reads the next frame if that is possible without waiting; false also at the end.</summary>
    /// <exception cref="CaptureFormatException">The capture is damaged here.</exception>
    bool TryReadNow(out Frame frame);
}
