using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Testing.Judges;

/// <summary>A capture that stores every frame that is read.</summary>
internal sealed class RecordedFrames(ICaptureSource source) : ICaptureSource
{
    private readonly List<string> _frames = [];

    public IReadOnlyList<string> Frames => _frames;

    public string Name => source.Name;

    public long Position => source.Position;

    public long? Length => source.Length;

    public long DroppedFrames => source.DroppedFrames;

    public bool TryRead(out Frame frame)
    {
        bool isRead = source.TryRead(out frame);
        if (isRead)
            _frames.Add($"{frame.Number} {frame.Time} {frame.LinkType} {frame.OriginalLength} {Convert.ToHexString(frame.Data)}");
        return isRead;
    }

    public void Dispose() => source.Dispose();
}
