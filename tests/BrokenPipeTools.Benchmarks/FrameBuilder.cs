using System.Buffers.Binary;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Benchmarks;

/// <summary>One end of a generated connection.</summary>
/// <param name="Network">The high half of an IPv6 address; 0 for IPv4.</param>
/// <param name="Host">The low half of an IPv6 address, or the IPv4 address.</param>
internal readonly record struct Endpoint(ulong Network, ulong Host, ushort Port)
{
    public bool IsIPv6 => Network != 0;
}

/// <summary>The values in which TCP segments differ.</summary>
internal readonly record struct SegmentFields(
    Endpoint From, Endpoint To, uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window, ushort IpIdentification, uint Clock, uint Echo, int Payload);

/// <summary>
/// Writes Ethernet frames with valid checksums. It does not use the code under test, because an error in both the writer and the reader would not be
/// noticed.
/// </summary>
internal static class FrameBuilder
{
    /// <summary>Bytes: more than any header that is written here has.</summary>
    public const int MaxHeader = 14 + 40 + 40;

    public const int MaxPayload = 1460;

    private const byte Tcp = 6;
    private const byte TimeToLive = 64;

    // Bytes of the options: timestamps alone, with two no-operations to align them; and the options of a SYN (RFC 9293, RFC 7323).
    private const int UsualOptions = 12;
    private const int SynOptions = 20;

    /// <summary>Locally administered Ethernet addresses.</summary>
    private static ReadOnlySpan<byte> Addresses => [0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2];

    private static readonly byte[] Filler = MakeFiller();

    /// <summary>Writes a frame and returns its length.</summary>
    public static int Write(Span<byte> frame, in SegmentFields s)
    {
        bool reset = (s.Flags & TcpFlags.Rst) != 0;
        bool syn = (s.Flags & TcpFlags.Syn) != 0;
        int tcpLength = 20 + (reset ? 0 : syn ? SynOptions : UsualOptions) + s.Payload;
        Addresses.CopyTo(frame);
        int ip = s.From.IsIPv6 ? WriteIPv6(frame[12..], s, tcpLength, out uint sum) : WriteIPv4(frame[12..], s, tcpLength, out sum);
        Span<byte> tcp = frame.Slice(12 + ip, tcpLength);
        WriteTcp(tcp, s, reset ? 0 : syn ? SynOptions : UsualOptions);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], Finish(Sum(tcp, sum + Tcp + (uint)tcpLength)));
        return 12 + ip + tcpLength;
    }

    /// <summary>Writes the EtherType and the IP header. <paramref name="sum"/> receives the sum over the addresses, for the pseudo header.</summary>
    private static int WriteIPv4(Span<byte> b, in SegmentFields s, int tcpLength, out uint sum)
    {
        BinaryPrimitives.WriteUInt16BigEndian(b, 0x0800);
        Span<byte> ip = b.Slice(2, 20);
        ip.Clear();
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + tcpLength));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], s.IpIdentification);
        ip[6] = 0x40; // do not fragment
        ip[8] = TimeToLive;
        ip[9] = Tcp;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], (uint)s.From.Host);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], (uint)s.To.Host);
        sum = Sum(ip[12..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Finish(Sum(ip, 0)));
        return 22;
    }

    private static int WriteIPv6(Span<byte> b, in SegmentFields s, int tcpLength, out uint sum)
    {
        BinaryPrimitives.WriteUInt16BigEndian(b, 0x86DD);
        Span<byte> ip = b.Slice(2, 40);
        BinaryPrimitives.WriteUInt32BigEndian(ip, 0x60000000);
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)tcpLength);
        ip[6] = Tcp;
        ip[7] = TimeToLive;
        BinaryPrimitives.WriteUInt64BigEndian(ip[8..], s.From.Network);
        BinaryPrimitives.WriteUInt64BigEndian(ip[16..], s.From.Host);
        BinaryPrimitives.WriteUInt64BigEndian(ip[24..], s.To.Network);
        BinaryPrimitives.WriteUInt64BigEndian(ip[32..], s.To.Host);
        sum = Sum(ip[8..], 0);
        return 42;
    }

    private static void WriteTcp(Span<byte> tcp, in SegmentFields s, int options)
    {
        BinaryPrimitives.WriteUInt16BigEndian(tcp, s.From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], s.To.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], s.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], s.Acknowledgment);
        tcp[12] = (byte)((20 + options) / 4 << 4);
        tcp[13] = (byte)s.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], s.Window);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[16..], 0); // checksum, and no urgent pointer
        int at = 20;
        if (options == SynOptions)
        {
            // Maximum segment size 1440 or 1460, no-operation, window scale 7; SACK permitted comes with the timestamps below.
            ReadOnlySpan<byte> sizes = [2, 4, 0x05, s.From.IsIPv6 ? (byte)0xA0 : (byte)0xB4, 1, 3, 3, 7];
            sizes.CopyTo(tcp[at..]);
            at += sizes.Length;
        }

        if (options != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(tcp[at..], options == SynOptions ? 0x0402080Au : 0x0101080Au);
            BinaryPrimitives.WriteUInt32BigEndian(tcp[(at + 4)..], s.Clock);
            BinaryPrimitives.WriteUInt32BigEndian(tcp[(at + 8)..], s.Echo);
        }

        Filler.AsSpan((int)(s.Sequence & 0xFF), s.Payload).CopyTo(tcp[(20 + options)..]);
    }

    /// <summary>Adds 16-bit words (RFC 1071). A last single byte is the high half of a word.</summary>
    private static uint Sum(ReadOnlySpan<byte> bytes, uint sum)
    {
        for (; bytes.Length >= 2; bytes = bytes[2..])
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static ushort Finish(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] MakeFiller()
    {
        byte[] filler = new byte[256 + MaxPayload];
        for (int i = 0; i < filler.Length; i++)
            filler[i] = (byte)('!' + (i * 7 % 90));
        return filler;
    }
}
