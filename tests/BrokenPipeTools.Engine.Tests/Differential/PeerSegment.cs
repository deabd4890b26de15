using BrokenPipeTools.Wire;
using PacketDotNet;

namespace BrokenPipeTools.Tests.Differential;

/// <summary>A TCP header that PacketDotNet found, and whether the frame contains as many bytes as its headers claim. PacketDotNet checks almost nothing.</summary>
/// <param name="Tcp">The TCP header.</param>
/// <param name="Ip">The IP header around it.</param>
/// <param name="Captured">Bytes of the frame that were captured.</param>
/// <param name="OriginalLength">Bytes that the frame had on the wire.</param>
internal sealed record PeerSegment(TcpPacket Tcp, IPPacket Ip, int Captured, int OriginalLength)
{
    private const int FixedHeaderLength = 20;

    private int Offset => Tcp.HeaderSegment.Offset;

    private int HeaderLength => Tcp.DataOffset * 4;

    /// <summary>Bytes after the IP header and its extensions, by the IP header's length field.</summary>
    private int Claimed => Ip.PayloadLength - ((Ip as IPv6Packet)?.ExtensionHeadersLength ?? 0);

    /// <summary>Whether the IP header claims more bytes than the frame had.</summary>
    public bool ClaimsTooMuch => Offset + Claimed > OriginalLength;

    /// <summary>Whether the length in the IPv4 header is the captured length, or its low 16 bits; PacketDotNet writes that in place of a length of 0.</summary>
    public bool HasCapturedLength => Ip is IPv4Packet v4 && v4.TotalLength == (ushort)(Captured - v4.HeaderSegment.Offset);

    /// <summary>TCP payload: the bytes claimed by the IP header, but at most those of the frame.</summary>
    public int PayloadLength => Math.Min(Claimed, OriginalLength - Offset) - HeaderLength;

    /// <summary>Bytes of the TCP header and its payload that were captured.</summary>
    public int CapturedLength => Math.Min(Claimed, Captured - Offset);

    /// <summary>Fewer bytes than a segment needs: ports, numbers, flags and window.</summary>
    public bool IsCutInHeader => CapturedLength < TcpHeader.UsefulLength;

    /// <summary>
    /// Whether the whole TCP header was captured, and PacketDotNet can list its options. It cannot if there is an urgent pointer, or an option
    /// without a length.
    /// </summary>
    public bool HasOptions => !Tcp.Urgent && HeaderLength >= FixedHeaderLength && HeaderLength <= CapturedLength && !HasOddOptions;

    /// <summary>Whether there is an option with a wrong length, an option that exceeds the header, or bytes after the end of the list.</summary>
    private bool HasOddOptions
    {
        get
        {
            ReadOnlySpan<byte> options = Tcp.HeaderData.AsSpan(FixedHeaderLength);
            while (!options.IsEmpty)
            {
                int length = options[0] switch
                {
                    0 => options.IndexOfAnyExcept((byte)0) < 0 ? options.Length : 0,
                    1 => 1,
                    _ when options.Length < 2 || options[1] < 2 || options[1] > options.Length => 0,
                    3 => options[1] == 3 ? 3 : 0,
                    8 => options[1] == 10 ? 10 : 0,
                    _ => options[1],
                };
                if (length == 0)
                    return true;
                options = options[length..];
            }

            return false;
        }
    }
}
