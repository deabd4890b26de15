namespace BrokenPipeTools.Analysis;

/// <summary>
/// Lets a thread that has nothing else to do decode a part of the capture that is being read. With it, two threads are enough for everything, and
/// neither waits while there is work: on two cores, a third thread would take time from the other two, and pass each segment from core to core.
/// </summary>
internal sealed class DecodingAhead
{
    private volatile SharedSegmentReader? _reader;

    /// <summary>Raised on the thread that follows the connections if little is decoded ahead. A thread that waits should call <see cref="TryDecode"/> then.</summary>
    public event Action? Wanted;

    /// <summary>Decodes a part of the capture. Returns false if there is nothing to decode now. May be called from any thread.</summary>
    public bool TryDecode() => _reader?.TryDecode() ?? false;

    internal void Begin(SharedSegmentReader reader) => _reader = reader;

    internal void End(SharedSegmentReader reader)
    {
        if (_reader == reader)
            _reader = null;
    }

    internal void Ask() => Wanted?.Invoke();
}
