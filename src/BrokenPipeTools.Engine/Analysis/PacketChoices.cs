using BrokenPipeTools.Capture;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Keeps a <see cref="PacketChoice"/> for each capture of a run that reads only the packets with the filter's addresses and ports. One bound holds
/// for the copies of all of them together.
/// </summary>
internal sealed class PacketChoices
{
    private readonly RecordFilter _filter;
    private readonly Dictionary<string, PacketChoice> _byName = [];

    private PacketChoices(RecordFilter filter) => _filter = filter;

    /// <summary>Returns the choices for a filter; null if it has neither addresses nor ports, so that every packet may be wanted.</summary>
    public static PacketChoices? Of(RecordFilter filter) => filter.Addresses.Count + filter.Ports.Count == 0 ? null : new PacketChoices(filter);

    /// <summary>Begins the choice for a capture. If the capture is read a second time, the second choice replaces the first.</summary>
    /// <param name="name">The name of the capture.</param>
    public PacketChoice Begin(string name)
    {
        _byName.Remove(name);
        return _byName[name] = new PacketChoice(_filter, FrameSpool.MaxBytes - _byName.Values.Sum(choice => choice.Bytes));
    }

    /// <summary>Returns the selected packets of a capture, to read them in its place; null if there were too many to keep.</summary>
    public ICaptureSource? ReadAgain(string name) => _byName.GetValueOrDefault(name)?.ReadAgain(name);
}
