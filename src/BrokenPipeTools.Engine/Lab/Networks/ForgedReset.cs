using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>
/// A RST that the host with its source address did not send. This program writes its header and sends it through a raw socket (raw(7)), as devices do
/// that censor or protect a network. The RST has no window, no options, and the TTL of the host that sends it.
/// </summary>
/// <param name="From">The source address of the RST.</param>
/// <param name="To">The address of the host whose connection the RST is to end.</param>
/// <param name="Sequence">The sequence number of the RST. It ends the connection if it is the number that the receiver expects next (RFC 5961,
/// section 3.2).</param>
internal sealed record ForgedReset(IPEndPoint From, IPEndPoint To, SequenceNumber Sequence)
{
    private const int TcpHeader = 20;
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const byte TimeToLive = 64;
    private const byte ProtocolTcp = 6;
    private const byte ResetFlag = 0x04;
    private const int ChecksumAt = 16;

    /// <summary>Sends the RST from a host on the path.</summary>
    /// <exception cref="SocketException">The process may not open raw sockets.</exception>
    [SupportedOSPlatform("linux")]
    public void SendFrom(NetworkHost host)
    {
        byte[] packet = From.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6Packet() : IPv4Packet();

        // IPPROTO_RAW: the header comes from this program; the kernel sets the lengths and IPv4's checksum. Ports have no meaning here.
        using Socket raw = host.OpenSocket(From.AddressFamily, SocketType.Raw, ProtocolType.Raw);
        raw.SendTo(packet, new IPEndPoint(To.Address, 0));
    }

    private byte[] IPv4Packet()
    {
        byte[] packet = new byte[IPv4Header + TcpHeader];
        packet[0] = 0x45; // version 4, five words
        packet[8] = TimeToLive;
        packet[9] = ProtocolTcp;
        From.Address.TryWriteBytes(packet.AsSpan(12), out _);
        To.Address.TryWriteBytes(packet.AsSpan(16), out _);
        WriteTcp(packet.AsSpan(IPv4Header), packet.AsSpan(12, 8));
        return packet;
    }

    private byte[] IPv6Packet()
    {
        byte[] packet = new byte[IPv6Header + TcpHeader];
        packet[0] = 0x60; // version 6
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), TcpHeader);
        packet[6] = ProtocolTcp;
        packet[7] = TimeToLive;
        From.Address.TryWriteBytes(packet.AsSpan(8), out _);
        To.Address.TryWriteBytes(packet.AsSpan(24), out _);
        WriteTcp(packet.AsSpan(IPv6Header), packet.AsSpan(8, 32));
        return packet;
    }

    private void WriteTcp(Span<byte> header, ReadOnlySpan<byte> addresses)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)To.Port);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], Sequence.Value);
        header[12] = TcpHeader / 4 << 4;
        header[13] = ResetFlag;
        uint sum = Add(Add(TcpHeader + ProtocolTcp, addresses), header); // the checksum includes the pseudo header (RFC 9293, section 3.1)
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(header[ChecksumAt..], (ushort)~sum);
    }

    /// <summary>Adds words of 16 bits for a checksum (RFC 1071). The carries are added later.</summary>
    private static uint Add(uint sum, ReadOnlySpan<byte> words)
    {
        for (; words.Length >= 2; words = words[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(words);
        return sum;
    }
}
