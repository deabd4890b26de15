using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Testing.Captures;

/// <summary>A capture that calls back before each frame.</summary>
/// <param name="inner">The capture. It is disposed with this object.</param>
/// <param name="beforeRead">Called on the thread that reads; an exception ends the reading.</param>
internal sealed class WatchedSource(ICaptureSource inner, Action beforeRead) : ICaptureSource
{
    public string Name => inner.Name;

    public long Position => inner.Position;

    public long? Length => inner.Length;

    public long DroppedFrames => inner.DroppedFrames;

    public bool TryRead(out Frame frame)
    {
        beforeRead();
        return inner.TryRead(out frame);
    }

    public void Dispose() => inner.Dispose();
}
