using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>The senders of the ICMP errors about a connection, and the path MTU that they reported.</summary>
internal sealed class IcmpReports
{
    /// <summary>The sender of the newest error that is not about the MTU.</summary>
    public IpBits ErrorFrom { get; private set; }

    /// <summary>The sender of the newest "packet too big".</summary>
    public IpBits TooBigFrom { get; private set; }

    /// <summary>The MTU in it; 0 for none (RFC 1191, section 4).</summary>
    public int Mtu { get; private set; }

    /// <summary>How many "packet too big" errors came.</summary>
    public int TooBigCount { get; private set; }

    /// <summary>The frame of the first "packet too big", counted from the connection's first frame.</summary>
    public uint FirstTooBig { get; private set; }

    /// <summary>The end whose segment the newest "packet too big" quotes.</summary>
    public int TooBigSender { get; private set; }

    /// <summary>The sequence number that the newest "packet too big" quotes.</summary>
    public SequenceNumber TooBigSequence { get; private set; }

    /// <summary>Adds an error about a segment that was in flight.</summary>
    public void Add(in Segment quoted, int sender, uint frame)
    {
        if (!IsTooBig(quoted))
        {
            ErrorFrom = quoted.Reporter;
            return;
        }

        if (TooBigCount++ == 0)
            FirstTooBig = frame;
        TooBigFrom = quoted.Reporter;
        Mtu = quoted.ReportedMtu;
        TooBigSender = sender;
        TooBigSequence = quoted.Sequence;
    }

    /// <summary>Returns whether an error is "packet too big". RFC 1191, section 4: type 3, code 4. RFC 4443, section 3.2: type 2.</summary>
    private static bool IsTooBig(in Segment s) => s.IsIPv6 ? s.Icmp.Type == 2 : s.Icmp is { Type: 3, Code: 4 };
}
