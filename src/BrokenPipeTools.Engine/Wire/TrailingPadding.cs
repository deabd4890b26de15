using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Padding that a host or device counted into the IP length. An Ethernet frame has at least 46 bytes of payload (IEEE 802.3, section
/// 3.2.7); an IPv4 segment without payload is filled up with zeros, which belong behind the IP packet, not into it.
/// </summary>
internal static class TrailingPadding
{
    private const int ShortestEthernetPayload = 46;
    private const int IPv4Header = 20;

    /// <summary>A TCP header without options leaves 6, one with a word of options 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBe(int payload) => payload is 2 or 6;

    /// <summary>
    /// Whether the last bytes of a segment are padding: zeros up to the shortest length. A program's own six zeros have PSH: a host sets
    /// it on the last segment of a write (RFC 9293, section 3.9.1.2).
    /// </summary>
    public static bool Is(in Packet p, int headerLength, TcpFlags flags) =>
        !p.Ip.IsIPv6
        && p.Length == ShortestEthernetPayload - IPv4Header
        && p.Bytes.Length == p.Length
        && (flags & TcpFlags.Psh) == 0
        && !p.Bytes[headerLength..].ContainsAnyExcept((byte)0);
}
