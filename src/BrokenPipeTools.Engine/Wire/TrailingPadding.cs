using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Detects padding that a host or device included in the IP length. An Ethernet frame has at least 46 bytes of payload (IEEE 802.3, section 3.2.7),
/// so an IPv4 segment without payload is padded with zeros, which should come after the IP packet, and not in it.
/// </summary>
internal static class TrailingPadding
{
    private const int ShortestEthernetPayload = 46;
    private const int IPv4Header = 20;

    /// <summary>Returns whether so many bytes can be padding: after a TCP header without options there are 6, after one with a word of options 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBe(int payload) => payload is 2 or 6;

    /// <summary>
    /// Returns whether the last bytes of a segment are padding: zeros up to the shortest frame. If a program itself sends six zeros, the segment has
    /// PSH, because a host sets it on the last segment of a write (RFC 9293, section 3.9.1.2).
    /// </summary>
    public static bool Is(in Packet p, int headerLength, TcpFlags flags) =>
        !p.Ip.IsIPv6
        && p.Length == ShortestEthernetPayload - IPv4Header
        && p.Bytes.Length == p.Length
        && (flags & TcpFlags.Psh) == 0
        && !p.Bytes[headerLength..].ContainsAnyExcept((byte)0);
}
