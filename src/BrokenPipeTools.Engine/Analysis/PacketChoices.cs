using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// One <see cref="PacketChoice"/> for each capture of a run that takes only the packets that its filter's addresses and ports choose. The
/// copies of all of them together keep within one bound.
/// </summary>
internal sealed class PacketChoices
{
    private readonly RecordFilter _filter;
    private readonly Dictionary<string, PacketChoice> _byName = [];

    private PacketChoices(RecordFilter filter) => _filter = filter;

    /// <summary>The choices of a filter; null if it has neither addresses nor ports, so that every packet may be wanted.</summary>
    public static PacketChoices? Of(RecordFilter filter) => filter.Addresses.Count + filter.Ports.Count == 0 ? null : new PacketChoices(filter);

    /// <summary>Begins the choice for a capture. If it has been read before, the newer reading counts.</summary>
    /// <param name="name">The name of the capture.</param>
    public PacketChoice Begin(string name)
    {
        _byName.Remove(name);
        return _byName[name] = new PacketChoice(_filter, FrameSpool.MaxBytes - _byName.Values.Sum(choice => choice.Bytes));
    }

    /// <summary>The packets chosen of a capture, in place of it; null if they were too many to be kept.</summary>
    public ICaptureSource? ReadAgain(string name) => _byName.GetValueOrDefault(name)?.ReadAgain(name);
}
