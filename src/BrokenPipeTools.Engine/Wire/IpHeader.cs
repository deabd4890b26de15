namespace BrokenPipeTools.Wire;

/// <summary>The fields of the IP header around a segment.</summary>
internal struct IpHeader
{
    public IpBits Source;
    public IpBits Destination;

    /// <summary>The destination in the TCP checksum; it differs only with a source route.</summary>
    public IpBits FinalDestination;

    /// <summary>The source in the TCP checksum; it differs only for a mobile host that is not in its home network.</summary>
    public IpBits HomeSource;

    public bool IsIPv6;

    /// <summary>TTL, or hop limit.</summary>
    public byte TimeToLive;

    /// <summary>IPv4 identification; 0 for IPv6.</summary>
    public ushort Identification;

    public bool DontFragment;

    /// <summary>Type of service or traffic class: DSCP (RFC 2474), and ECN in the lower two bits.</summary>
    public byte TrafficClass;

    /// <summary>The protocol in the payload; for a fragment that of the whole datagram.</summary>
    public byte Protocol;

    // The next fields are used only if the datagram is a fragment.
    public int FragmentOffset;
    public bool MoreFragments;
    public uint FragmentId;

    /// <summary>Bytes of the fragment by its header; the frame may contain fewer.</summary>
    public int FragmentLength;

    /// <summary>Whether only the first fragment is available, so that the length of the datagram is not known.</summary>
    public bool IsLoneFragment;
}
