using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Writes a segment or an ICMP error as the bytes of an IP packet with a valid checksum. Fields that the text does not show are 0. The first bytes of
/// the payload are written if the text shows them; the rest is left out.
/// </summary>
internal sealed class TraceFrame
{
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int TcpHeader = 20;
    private const int IcmpHeader = 8;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Icmp = 1;
    private const byte Icmpv6 = 58;

    private readonly byte[] _buffer = new byte[256];
    private int _length;

    /// <summary>Writes a segment or an ICMP error, and returns its bytes.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="originalLength">Receives the number of bytes that the packet had on the wire.</param>
    public ReadOnlySpan<byte> Write(TraceSegment segment, out int originalLength)
    {
        _length = 0;
        Array.Clear(_buffer);
        if (segment.Quoted is not null)
        {
            WriteError(segment);
            originalLength = _length;
        }
        else
        {
            int start = WriteIp(segment, Tcp, TcpHeader + OptionsLength(segment) + segment.Length, segment.Packet);
            WriteTcp(segment);
            originalLength = _length + segment.Length;
            segment.Head.CopyTo(_buffer, _length);
            _length += segment.Head.Length;
            if (_length == originalLength)
                WriteChecksum(segment, start, Tcp, TcpHeader - 4);
        }

        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Writes a packet that is not TCP.</summary>
    public ReadOnlySpan<byte> WriteOther(out int originalLength)
    {
        Array.Clear(_buffer);
        _length = IPv4Header + 8;
        originalLength = _length;
        WriteIPv4(_buffer, Udp, _length, new TracePacket());
        _buffer[IPv4Header + 5] = 8; // the length field of UDP
        return _buffer.AsSpan(0, _length);
    }

    private int WriteIp(TraceSegment segment, byte protocol, int payload, TracePacket packet)
    {
        int start = _length;
        Span<byte> header = _buffer.AsSpan(start);
        if (segment.Source.Address.IsIPv6)
        {
            header[0] = 0x60;
            BinaryPrimitives.WriteUInt16BigEndian(header[4..], payload <= ushort.MaxValue ? (ushort)payload : (ushort)0);
            header[6] = protocol == Icmp ? Icmpv6 : protocol;
            header[7] = packet.TimeToLive;
            WriteAddress(header[8..], segment.Source.Address);
            WriteAddress(header[24..], segment.Destination.Address);
            _length += IPv6Header;
        }
        else
        {
            int total = IPv4Header + payload;
            BinaryPrimitives.WriteUInt32BigEndian(header[12..], (uint)segment.Source.Address.Low);
            BinaryPrimitives.WriteUInt32BigEndian(header[16..], (uint)segment.Destination.Address.Low);
            WriteIPv4(header, protocol, total <= ushort.MaxValue ? total : 0, packet);
            _length += IPv4Header;
        }

        return start;
    }

    private static void WriteIPv4(Span<byte> header, byte protocol, int total, TracePacket packet)
    {
        header[0] = 0x45;
        header[1] = packet.TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)total);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], packet.Identification);
        header[6] = packet.DontFragment ? (byte)0x40 : (byte)0;
        header[8] = packet.TimeToLive;
        header[9] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Fold(Sum(header[..IPv4Header])));
    }

    private static void WriteAddress(Span<byte> bytes, in TraceAddress address)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], address.Low);
    }

    private void WriteTcp(TraceSegment segment)
    {
        Span<byte> header = _buffer.AsSpan(_length);
        int options = OptionsLength(segment);
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)segment.Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)segment.Destination.Port);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], segment.Sequence.Value);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], segment.Acknowledgment.Value);
        header[12] = (byte)((TcpHeader + options) / 4 << 4);
        header[13] = segment.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], (ushort)segment.Window);
        WriteOptions(header[TcpHeader..], segment);
        _length += TcpHeader + options;
    }

    private static int OptionsLength(TraceSegment segment)
    {
        TracePacket packet = segment.Packet;
        int length = (packet.SegmentSize >= 0 ? 4 : 0) + (packet.WindowScale != TracePacket.NoScale ? 3 : 0) + (packet.SackPermitted ? 2 : 0)
            + (segment.Timestamps is not null ? 10 : 0) + (segment.Sack is not null ? 10 : 0);
        return (length + 3) / 4 * 4;
    }

    /// <summary>Writes the options. The zeros after the last one end the list (RFC 9293, section 3.1).</summary>
    private static void WriteOptions(Span<byte> bytes, TraceSegment segment)
    {
        TracePacket packet = segment.Packet;
        int at = 0;
        if (packet.SegmentSize >= 0)
        {
            (bytes[at], bytes[at + 1]) = (2, 4);
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(at + 2)..], (ushort)packet.SegmentSize);
            at += 4;
        }

        if (packet.WindowScale != TracePacket.NoScale)
        {
            (bytes[at], bytes[at + 1], bytes[at + 2]) = (3, 3, packet.WindowScale);
            at += 3;
        }

        if (packet.SackPermitted)
        {
            (bytes[at], bytes[at + 1]) = (4, 2);
            at += 2;
        }

        at = segment.Timestamps is { } stamps ? WritePair(bytes, at, 8, stamps.Value, stamps.Echo) : at;
        _ = segment.Sack is { } sack ? WritePair(bytes, at, 5, sack.Start.Value, sack.End.Value) : at;
    }

    private static int WritePair(Span<byte> bytes, int at, byte kind, uint first, uint second)
    {
        (bytes[at], bytes[at + 1]) = (kind, 10);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 2)..], first);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(at + 6)..], second);
        return at + 10;
    }

    /// <summary>Writes an ICMP error, which quotes the IP header and the first eight bytes of its payload (RFC 792).</summary>
    private void WriteError(TraceSegment error)
    {
        TraceSegment quoted = error.Quoted!;
        int ip = quoted.Source.Address.IsIPv6 ? IPv6Header : IPv4Header;
        int start = WriteIp(error, Icmp, IcmpHeader + ip + IcmpHeader, error.Packet);
        Span<byte> icmp = _buffer.AsSpan(_length);
        (icmp[0], icmp[1]) = (error.Packet.IcmpType, error.Packet.IcmpCode);
        if (quoted.Source.Address.IsIPv6)
            BinaryPrimitives.WriteUInt32BigEndian(icmp[4..], (uint)error.Packet.Mtu);
        else
            BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], (ushort)error.Packet.Mtu);
        _length += IcmpHeader;
        WriteIp(quoted, Tcp, TcpHeader, quoted.Packet);
        Span<byte> tcp = _buffer.AsSpan(_length);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)quoted.Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)quoted.Destination.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], quoted.Sequence.Value);
        _length += 8;
        if (!error.Source.Address.IsIPv6)
            BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Fold(Sum(_buffer.AsSpan(start + IPv4Header, _length - start - IPv4Header))));
        else
            WriteChecksum(error, start, Icmpv6, 2);
    }

    /// <summary>Writes the checksum over the pseudo header and the bytes after the IP header (RFC 9293, section 3.1).</summary>
    private void WriteChecksum(TraceSegment segment, int start, byte protocol, int at)
    {
        int header = segment.Source.Address.IsIPv6 ? IPv6Header : IPv4Header;
        Span<byte> addresses = segment.Source.Address.IsIPv6 ? _buffer.AsSpan(start + 8, 32) : _buffer.AsSpan(start + 12, 8);
        Span<byte> bytes = _buffer.AsSpan(start + header, _length - start - header);
        ulong sum = Sum(addresses) + Sum(bytes) + protocol + (uint)bytes.Length;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], Fold(sum));
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (int i = 0; i + 1 < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return bytes.Length % 2 == 0 ? sum : sum + ((ulong)bytes[^1] << 8);
    }

    private static ushort Fold(ulong sum)
    {
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
