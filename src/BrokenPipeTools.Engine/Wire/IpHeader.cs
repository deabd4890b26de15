namespace BrokenPipeTools.Wire;

/// <summary>The fields of the IP header around a segment.</summary>
internal struct IpHeader
{
    public IpBits Source;
    public IpBits Destination;

    /// <summary>The destination that the TCP checksum is computed with. It differs from <see cref="Destination"/> only if there is a source route.</summary>
    public IpBits FinalDestination;

    /// <summary>
    /// The source that the TCP checksum is computed with. It differs from <see cref="Source"/> only for a mobile host that is not in its home
    /// network.
    /// </summary>
    public IpBits HomeSource;

    public bool IsIPv6;

    /// <summary>TTL, or hop limit.</summary>
    public byte TimeToLive;

    /// <summary>IPv4 identification; 0 for IPv6.</summary>
    public ushort Identification;

    public bool DontFragment;

    /// <summary>Type of service or traffic class: DSCP (RFC 2474), and ECN in the lower two bits.</summary>
    public byte TrafficClass;

    /// <summary>The protocol of the payload; for a fragment, that of the whole datagram.</summary>
    public byte Protocol;

    // The next fields are used only if the datagram is a fragment.
    public int FragmentOffset;
    public bool MoreFragments;
    public uint FragmentId;

    /// <summary>The length of the fragment in bytes, as its header states it; the frame may contain fewer.</summary>
    public int FragmentLength;

    /// <summary>Whether only the first fragment is available, so that the length of the datagram is not known.</summary>
    public bool IsLoneFragment;
}
