namespace BrokenPipeTools.Wire;

/// <summary>The fields of the IP header around a segment.</summary>
internal struct IpHeader
{
    public IpBits Source;
    public IpBits Destination;

    /// <summary>The destination that the TCP checksum is over: another one only on a source route.</summary>
    public IpBits FinalDestination;

    /// <summary>The source that the TCP checksum is over: another one only for a mobile host away from home.</summary>
    public IpBits HomeSource;

    public bool IsIPv6;

    /// <summary>TTL, or hop limit.</summary>
    public byte TimeToLive;

    /// <summary>IPv4 identification; 0 for IPv6.</summary>
    public ushort Identification;

    public bool DontFragment;

    /// <summary>Type of service or traffic class: DSCP (RFC 2474), and ECN in the lower two bits.</summary>
    public byte TrafficClass;

    /// <summary>The protocol underneath; for a fragment that of the whole datagram.</summary>
    public byte Protocol;

    // Only if the datagram is a fragment:
    public int FragmentOffset;
    public bool MoreFragments;
    public uint FragmentId;

    /// <summary>Bytes the fragment has, by its header; the frame may hold fewer.</summary>
    public int FragmentLength;

    /// <summary>The first fragment alone: the length of the datagram is unknown.</summary>
    public bool IsLoneFragment;
}
