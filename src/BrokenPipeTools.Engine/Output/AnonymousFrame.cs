using System.Buffers.Binary;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Output;

/// <summary>
/// Makes a new frame for a segment from a list of harmless fields, and copies nothing else. The frame has Ethernet, IP and TCP headers with other
/// addresses. Ports, numbers, flags, window and the usual options are kept. Payload is cut as a snapshot length does, so its length is kept. VLAN
/// tags, tunnels, IP options and extension headers are removed. For an ICMP error, a new error is made with the header that it quotes.
/// </summary>
internal sealed class AnonymousFrame(Pseudonyms pseudonyms)
{
    private const int EthernetLength = 14;
    private const int IPv4Length = 20;
    private const int IPv6Length = 40;
    private const int IcmpLength = 8;
    private const int LongestTcp = 60;
    private const int ShortestTcp = 20;
    private const int TcpChecksumAt = 16;
    private const byte IcmpTimeToLive = 64;
    private const ushort DontFragment = 0x4000;
    private const ushort MoreFragments = 0x2000;

    private readonly byte[] _bytes = new byte[EthernetLength + IPv6Length + IcmpLength + IPv6Length + LongestTcp];

    /// <summary>Makes the frame. Its bytes are valid until the next call.</summary>
    /// <param name="frame">The captured frame.</param>
    /// <param name="s">The segment in the frame.</param>
    /// <param name="tcp">The bytes of the segment.</param>
    public Frame Make(scoped in Frame frame, scoped in Segment s, scoped ReadOnlySpan<byte> tcp)
    {
        int headerLength = HeaderLength(tcp);
        int captured = Math.Min(tcp.Length, Math.Max(headerLength, ShortestTcp));
        bool isLoneFragment = !s.IsQuoted && !s.HasLength && !s.IsIPv6 && tcp.Length >= headerLength;
        int length = Math.Max(captured, s.HasLength ? headerLength + s.PayloadLength : isLoneFragment ? headerLength + 8 : 0);
        int ipLength = s.IsIPv6 ? IPv6Length : IPv4Length;
        int outer = s.IsQuoted ? ipLength + IcmpLength : 0;
        IpBits source = pseudonyms.Of(s.Source, s.IsIPv6);
        IpBits destination = pseudonyms.Of(s.Destination, s.IsIPv6);

        Array.Clear(_bytes);
        Span<byte> bytes = _bytes.AsSpan(0, EthernetLength + outer + ipLength + captured);
        WriteEthernet(bytes, frame, s.IsIPv6);
        Span<byte> header = bytes[(EthernetLength + outer + ipLength)..];
        tcp[..captured].CopyTo(header);
        CleanOptions(header);
        WriteTcpChecksum(header, length, source, destination, s.Checksum);
        IpFields ip = new(source, destination, s.IsIPv6, IpProtocol.Tcp, s.TimeToLive, s.TrafficClass, s.IpIdentification, (ushort)((s.DontFragment ? DontFragment : 0) | (isLoneFragment ? MoreFragments : 0)));
        WriteIp(bytes[(EthernetLength + outer)..], ip, length);
        if (s.IsQuoted)
            WriteError(bytes[EthernetLength..], s, source);
        return new Frame
        {
            Number = frame.Number,
            Time = frame.Time,
            LinkType = LinkType.Ethernet,
            OriginalLength = EthernetLength + outer + ipLength + length,
            Direction = s.Direction,
            Data = bytes,
        };
    }

    /// <summary>Returns the header's length from its own field. An invalid value is kept.</summary>
    private static int HeaderLength(ReadOnlySpan<byte> tcp) => tcp.Length > 12 ? (tcp[12] >> 4) * 4 : ShortestTcp;

    /// <summary>Writes the Ethernet header. Hardware addresses are known only in Ethernet frames; other frames get none.</summary>
    private void WriteEthernet(Span<byte> bytes, in Frame frame, bool isIPv6)
    {
        for (int at = 0; at < 12 && frame.LinkType == LinkType.Ethernet; at += 6)
        {
            ulong address = pseudonyms.OfHardware(BinaryPrimitives.ReadUInt64BigEndian(frame.Data[at..]) >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], (ushort)(address >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 2)..], (uint)address);
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], isIPv6 ? EtherType.IPv6 : EtherType.IPv4);
    }

    /// <summary>
    /// Writes an IP header for a packet of this <paramref name="length"/>. If the packet is longer than the field can express, the field is 0, as
    /// segmentation offload
    /// leaves it.
    /// </summary>
    private static void WriteIp(Span<byte> bytes, in IpFields ip, int length)
    {
        if (ip.IsIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, 6u << 28 | (uint)ip.TrafficClass << 20);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)(length > ushort.MaxValue ? 0 : length));
            bytes[6] = ip.Protocol;
            bytes[7] = ip.TimeToLive;
            WriteAddress(bytes[8..], ip.Source, isIPv6: true);
            WriteAddress(bytes[24..], ip.Destination, isIPv6: true);
            return;
        }

        bytes[0] = 0x45;
        bytes[1] = ip.TrafficClass;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)(IPv4Length + length > ushort.MaxValue ? 0 : IPv4Length + length));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], ip.Identification);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], ip.Fragment);
        bytes[8] = ip.TimeToLive;
        bytes[9] = ip.Protocol;
        WriteAddress(bytes[12..], ip.Source, isIPv6: false);
        WriteAddress(bytes[16..], ip.Destination, isIPv6: false);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], Complement(Sum(0, bytes[..IPv4Length])));
    }

    /// <summary>Writes an ICMP error with its IP header. The IP header goes from the router that sent the error to the sender of the quoted segment.</summary>
    private void WriteError(Span<byte> bytes, in Segment s, IpBits quotedSource)
    {
        IpBits reporter = pseudonyms.Of(s.Reporter, s.IsIPv6);
        byte protocol = s.IsIPv6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        int ipLength = s.IsIPv6 ? IPv6Length : IPv4Length;
        Span<byte> icmp = bytes[ipLength..];
        icmp[0] = s.Icmp.Type;
        icmp[1] = s.Icmp.Code;
        if (s.IsIPv6)
            BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], (uint)s.ReportedMtu);
        else
            BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], (ushort)s.ReportedMtu);
        ulong pseudo = s.IsIPv6 ? PseudoHeader(reporter, quotedSource, protocol, icmp.Length) : 0;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Complement(Sum(pseudo, icmp)));
        WriteIp(bytes, new IpFields(reporter, quotedSource, s.IsIPv6, protocol, IcmpTimeToLive, 0, 0, 0), icmp.Length);
    }

    /// <summary>
    /// Writes a checksum that is right or wrong as the original was. It is computed for a payload of zeros, because the payload is removed. An
    /// incomplete checksum, which the capturing host left to its network card, stays incomplete, because it shows at which side the capture was made.
    /// </summary>
    private static void WriteTcpChecksum(Span<byte> header, int length, IpBits source, IpBits destination, ChecksumState state)
    {
        if (header.Length < TcpChecksumAt + 2)
            return;
        header[TcpChecksumAt] = header[TcpChecksumAt + 1] = 0;
        ulong pseudo = PseudoHeader(source, destination, IpProtocol.Tcp, length);
        ushort right = Complement(Sum(pseudo, header));
        BinaryPrimitives.WriteUInt16BigEndian(header[TcpChecksumAt..], state switch
        {
            ChecksumState.Offloaded => (ushort)~Complement(pseudo),
            ChecksumState.Bad => (ushort)(right ^ 0x5555),
            _ => right,
        });
    }

    /// <summary>
    /// Replaces TCP options by padding. Kept are options without an address or a secret: maximum segment size, window scale, SACK, timestamps, and
    /// the reason of Multipath TCP for a reset. (Some proxies write the client's address into an option.)
    /// </summary>
    private static void CleanOptions(Span<byte> header)
    {
        const byte NoOperation = 1;
        Span<byte> options = header.Length > ShortestTcp ? header[ShortestTcp..] : default;
        while (!options.IsEmpty && options[0] != 0)
        {
            bool isWhole = options.Length >= 2 && options[1] >= 2 && options[1] <= options.Length;
            int length = options[0] == NoOperation ? 1 : isWhole ? options[1] : options.Length;
            bool isHarmless = options[0] is NoOperation or 2 or 3 or 4 or 5 or 8 || (options[0] == 30 && length == 4 && options[2] >> 4 == 8); // RFC 8684, section 3.6
            if (!isHarmless || (options[0] != NoOperation && !isWhole))
                options[..length].Fill(NoOperation);
            options = options[length..];
        }

        options.Clear(); // any bytes may follow the end of the list
    }

    private static void WriteAddress(Span<byte> bytes, IpBits address, bool isIPv6)
    {
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Low);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
    }

    /// <summary>Returns the sum of the pseudo header (RFC 9293, section 3.1; RFC 8200, section 8.1). It is the same for both address families.</summary>
    private static ulong PseudoHeader(IpBits source, IpBits destination, byte protocol, int length)
    {
        Span<byte> bytes = stackalloc byte[40];
        bytes.Clear();
        WriteAddress(bytes, source, isIPv6: true);
        WriteAddress(bytes[16..], destination, isIPv6: true);
        BinaryPrimitives.WriteInt32BigEndian(bytes[32..], length);
        bytes[39] = protocol;
        return Sum(0, bytes);
    }

    /// <summary>Adds words of 16 bits (RFC 1071). They are a hundred bytes at most, so the sum does not overflow.</summary>
    private static ulong Sum(ulong sum, ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at++)
            sum += (at & 1) == 0 ? (ulong)bytes[at] << 8 : bytes[at];
        return sum;
    }

    private static ushort Complement(ulong sum)
    {
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }

    private readonly record struct IpFields(IpBits Source, IpBits Destination, bool IsIPv6, byte Protocol, byte TimeToLive, byte TrafficClass, ushort Identification, ushort Fragment);
}
