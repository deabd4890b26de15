using System.Buffers.Binary;
using System.Net;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Testing.Building;

/// <summary>A TCP segment to put into a capture; makes the bytes of its IP packet, checksums included.</summary>
internal sealed record TcpPacket
{
    public IPAddress Source { get; init; } = IPAddress.Parse("10.0.0.1");

    public IPAddress Destination { get; init; } = IPAddress.Parse("10.0.0.2");

    public ushort SourcePort { get; init; } = 40000;

    public ushort DestinationPort { get; init; } = 80;

    public uint Sequence { get; init; }

    public uint Acknowledgment { get; init; }

    public TcpFlags Flags { get; init; } = TcpFlags.Ack;

    public ushort Window { get; init; } = 502;

    public byte TimeToLive { get; init; } = 64;

    public ushort IpIdentification { get; init; } = 1;

    public byte[] Options { get; init; } = [];

    public byte[] Payload { get; init; } = [];

    public bool BreakChecksum { get; init; }

    /// <summary>The addresses in the IP header, if they differ from those of the endpoints, as with a source route or a mobile host.</summary>
    public (IPAddress Source, IPAddress Destination)? OnTheWire { get; init; }

    /// <summary>The bytes between the IPv6 header and TCP, and the protocol number of the first header in them.</summary>
    public (byte First, byte[] Bytes)? Extensions { get; init; }

    public bool IsIPv6 => Source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;

    public static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];

    /// <summary>The TCP header and payload.</summary>
    public byte[] ToSegment()
    {
        byte[] b = new byte[20 + Options.Length + Payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(b, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(2), DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(b.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(b.AsSpan(8), Acknowledgment);
        b[12] = (byte)((20 + Options.Length) / 4 << 4);
        b[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(14), Window);
        Options.CopyTo(b, 20);
        Payload.CopyTo(b, 20 + Options.Length);
        ushort sum = Checksum([.. Source.GetAddressBytes(), .. Destination.GetAddressBytes(), 0, 6, (byte)(b.Length >> 8), (byte)b.Length, .. b]);
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(16), BreakChecksum ? (ushort)(sum ^ 0x5555) : sum);
        return b;
    }

    /// <summary>The whole IP packet.</summary>
    public byte[] ToIp() => IsIPv6 ? Ip.V6(OnTheWire?.Source ?? Source, OnTheWire?.Destination ?? Destination, Extensions?.First ?? 6, [.. Extensions?.Bytes ?? [], .. ToSegment()], TimeToLive)
        : Ip.V4(Source, Destination, 6, ToSegment(), TimeToLive, IpIdentification);

    /// <summary>Computes the checksum of RFC 1071, word by word. It does not use the engine's own code.</summary>
    public static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += (uint)(bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0));
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}

/// <summary>IP packets around a payload.</summary>
internal static class Ip
{
    public static readonly IPAddress A4 = IPAddress.Parse("192.0.2.1");
    public static readonly IPAddress B4 = IPAddress.Parse("192.0.2.2");
    public static readonly IPAddress A6 = IPAddress.Parse("2001:db8::1");
    public static readonly IPAddress B6 = IPAddress.Parse("2001:db8::2");

    public static byte[] V4(IPAddress source, IPAddress destination, byte protocol, byte[] payload, byte ttl = 64, ushort id = 1, int fragment = 0)
    {
        byte[] b = new byte[20 + payload.Length];
        b[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(2), (ushort)b.Length);
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(6), (ushort)fragment);
        b[8] = ttl;
        b[9] = protocol;
        source.GetAddressBytes().CopyTo(b, 12);
        destination.GetAddressBytes().CopyTo(b, 16);
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(10), TcpPacket.Checksum(b.AsSpan(0, 20)));
        payload.CopyTo(b, 20);
        return b;
    }

    public static byte[] V6(IPAddress source, IPAddress destination, byte next, byte[] payload, byte hopLimit = 64)
    {
        byte[] b = new byte[40 + payload.Length];
        b[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(b.AsSpan(4), (ushort)payload.Length);
        b[6] = next;
        b[7] = hopLimit;
        source.GetAddressBytes().CopyTo(b, 8);
        destination.GetAddressBytes().CopyTo(b, 24);
        payload.CopyTo(b, 40);
        return b;
    }

    public static byte[] Udp(ushort source, ushort destination, byte[] payload) =>
        [(byte)(source >> 8), (byte)source, (byte)(destination >> 8), (byte)destination, (byte)((payload.Length + 8) >> 8), (byte)(payload.Length + 8), 0, 0, .. payload];

    /// <summary>A UDP datagram between two tunnel ends.</summary>
    public static byte[] UdpTunnel(ushort port, byte[] payload) => V4(A4, B4, 17, Udp(50000, port, payload));

    public static bool IsV6(byte[] ip) => ip[0] >> 4 == 6;

    public static ushort EtherType(byte[] ip) => IsV6(ip) ? (ushort)0x86DD : (ushort)0x0800;

    public static byte[] Type(byte[] ip) => [(byte)(EtherType(ip) >> 8), (byte)EtherType(ip)];
}
