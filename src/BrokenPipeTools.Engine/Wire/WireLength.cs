using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Finds the length of a frame before a snapshot length cut it, from its outermost IP header, if the capture does not have it. SharpPcap sets every
/// packet's length to the captured length; without this, the bytes that a short snapshot length cut off would count as lost.
/// </summary>
internal static class WireLength
{
    private const int EtherTypeAt = 12;
    private const int VlanTag = 4;
    private const int IPv6Header = 40;
    private const int Shortest = 6; // the length fields of both versions are within these bytes

    /// <summary>
    /// Returns the bytes of the frame on the wire, by its IP header; the captured length if there is no IP header in a usual place, or if it is
    /// larger.
    /// </summary>
    public static int Of(ReadOnlySpan<byte> data, int linkType)
    {
        int start = linkType switch
        {
            LinkType.Ethernet => AfterEthernet(data),
            LinkType.LinuxSll => 16,
            LinkType.LinuxSll2 => 20,
            LinkType.Null or LinkType.Loop => 4,
            LinkType.Raw or LinkType.IPv4 or LinkType.IPv6 => 0,
            _ => data.Length,
        };
        return data.Length - start < Shortest ? data.Length : Math.Max(data.Length, start + OfPacket(data[start..]));
    }

    /// <summary>Returns the length of an IP packet; 0 if the packet does not contain it, as with segmentation offload.</summary>
    private static int OfPacket(ReadOnlySpan<byte> packet)
    {
        int payload = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        return (packet[0] >> 4) switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            6 when payload > 0 => IPv6Header + payload,
            _ => 0,
        };
    }

    /// <summary>Returns the offset after the VLAN tags; the end of the frame if it contains something other than IP.</summary>
    private static int AfterEthernet(ReadOnlySpan<byte> data)
    {
        for (int at = EtherTypeAt; at + 2 <= data.Length; at += VlanTag)
        {
            switch (BinaryPrimitives.ReadUInt16BigEndian(data[at..]))
            {
                case 0x0800 or 0x86DD: // IPv4, IPv6
                    return at + 2;
                case 0x8100 or 0x88A8 or 0x9100: // IEEE 802.1Q, 802.1ad, and the predecessor of 802.1ad
                    continue;
                default:
                    return data.Length;
            }
        }

        return data.Length;
    }
}
