namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>Decodes pages of the ring buffers into events, and counts the lost ones.</summary>
internal sealed class EventPages(PageLayout layout, EventDecoder decoder)
{
    private List<KernelEvent> _waiting = [];
    private List<KernelEvent> _later = [];
    private long _lost;
    private long _damaged;

    /// <summary>Events that were overwritten before they were read, and pages and events that could not be read: any kind of event may be among them.</summary>
    public long Lost => _lost + _damaged + decoder.Damaged;

    /// <summary>Adds a page.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (!RingPage.TryRead(bytes, layout, out RingPage page))
        {
            _damaged++;
            return;
        }

        _lost += page.Lost < 0 ? 1 : page.Lost;
        while (page.TryNext(out long time, out ReadOnlySpan<byte> data))
        {
            if (decoder.Decode(time, data) is { } one)
                _waiting.Add(one);
        }

        _damaged += page.IsDamaged ? 1 : 0;
    }

    /// <summary>Removes the events up to a time and returns them in order; events with the same time keep the order of their pages.</summary>
    /// <param name="end">Nanoseconds of the trace's clock.</param>
    public IReadOnlyList<KernelEvent> Take(long end)
    {
        List<KernelEvent> ready = [];
        foreach (KernelEvent one in _waiting)
            (one.Origin.Time <= end ? ready : _later).Add(one);
        _waiting.Clear();
        (_waiting, _later) = (_later, _waiting);
        return [.. ready.OrderBy(one => one.Origin.Time)];
    }
}
