using BrokenPipeTools.Capture;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Selects the packets of a capture that have the addresses and ports of a filter, and leaves out all others before they are decoded. Keeps copies of
/// the selected ones. The records are the same as those of a capture that has only these packets.
/// </summary>
internal sealed class PacketChoice
{
    private readonly AddressPrefix[] _addresses;
    private readonly int[] _ports;
    private readonly FrameSpool _spool;

    /// <param name="filter">The filter; it has addresses or ports.</param>
    /// <param name="maxBytes">The most bytes of copies. If the copies need more, none is kept.</param>
    public PacketChoice(RecordFilter filter, long maxBytes)
    {
        _spool = new FrameSpool(maxBytes);
        _addresses = [.. filter.Addresses];
        _ports = [.. filter.Ports];
    }

    /// <summary>Frames left out before they were decoded.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The size of the copies in bytes.</summary>
    public long Bytes => _spool.Bytes;

    /// <summary>Returns whether a frame certainly contains no selected packet. If so, it is counted.</summary>
    public bool LeavesOut(in Frame frame)
    {
        if (!FrameEndpoints.TryRead(frame, out FrameEndpoints ends) || Has(ends))
            return false;
        LeftOut++;
        return true;
    }

    /// <summary>Returns whether a decoded segment is selected, also one that an ICMP error quotes. If so, its frame is kept.</summary>
    public bool Takes(in Segment s, in Frame frame)
    {
        if (!Has(FrameEndpoints.Of(s)))
            return false;
        _spool.Add(frame);
        return true;
    }

    /// <summary>Keeps a fragment: only the last one of its datagram shows which connection it belongs to.</summary>
    public void KeepFragment(in Frame frame) => _spool.Add(frame);

    /// <summary>Returns the frames that were kept, to read them in place of the capture; null if there were too many.</summary>
    public ICaptureSource? ReadAgain(string name) => _spool.IsOverfull ? null : _spool.Read(name);

    private bool Has(in FrameEndpoints ends) =>
        (_ports.Length == 0 || _ports.AsSpan().Contains(ends.SourcePort) || _ports.AsSpan().Contains(ends.DestinationPort))
        && (_addresses.Length == 0 || HasAddress(ends.Source, ends.IsIPv6) || HasAddress(ends.Destination, ends.IsIPv6));

    private bool HasAddress(IpBits address, bool isIPv6)
    {
        foreach (ref readonly AddressPrefix prefix in _addresses.AsSpan())
        {
            if (prefix.Contains(address, isIPv6))
                return true;
        }

        return false;
    }
}
