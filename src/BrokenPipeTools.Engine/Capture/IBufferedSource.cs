namespace BrokenPipeTools.Capture;

/// <summary>A source that may have to wait for another program. It can also return frames only if they are available without waiting.</summary>
internal interface IBufferedSource : ICaptureSource
{
    /// <summary>Reads the next frame if that is possible without waiting. Returns false otherwise, and at the end of the source.</summary>
    /// <exception cref="CaptureFormatException">The capture is damaged at this place.</exception>
    bool TryReadNow(out Frame frame);
}
