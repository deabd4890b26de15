using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>The first frames of a capture, as if the capture had been read at an earlier moment.</summary>
internal sealed class CutSource(ICaptureSource whole, long frames) : ICaptureSource
{
    private long _read;

    public string Name => whole.Name;

    public long Position => whole.Position;

    public long? Length => whole.Length;

    public long DroppedFrames => whole.DroppedFrames;

    public bool TryRead(out Frame frame)
    {
        frame = default;
        return _read++ < frames && whole.TryRead(out frame);
    }

    public void Dispose() => whole.Dispose();
}
