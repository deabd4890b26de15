using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// The two endpoints of a connection in a fixed order, so that both directions have the same key. End 0 is the lower one.
/// </summary>
internal readonly record struct FlowKey(IpBits Address0, IpBits Address1, ushort Port0, ushort Port1, bool IsIPv6)
{
    /// <summary>The key of a segment, and which end sent it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FlowKey Of(in Segment s, out int sender)
    {
        bool swap = s.Source.High != s.Destination.High ? s.Source.High > s.Destination.High
            : s.Source.Low != s.Destination.Low ? s.Source.Low > s.Destination.Low
            : s.SourcePort > s.DestinationPort;
        sender = swap ? 1 : 0;
        return swap
            ? new FlowKey(s.Destination, s.Source, s.DestinationPort, s.SourcePort, s.IsIPv6)
            : new FlowKey(s.Source, s.Destination, s.SourcePort, s.DestinationPort, s.IsIPv6);
    }

    /// <summary>Mixes every bit of the key; flows that differ in one port or one address bit must not meet in a bucket.</summary>
    public uint Hash
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            const ulong Odd1 = 0x9E3779B97F4A7C15;
            const ulong Odd2 = 0xC2B2AE3D27D4EB4F;
            ulong h = unchecked((Address0.Low ^ (Address0.High * Odd2)) * Odd1);
            h = unchecked((h ^ (h >> 29) ^ Address1.Low ^ (Address1.High * Odd1)) * Odd2);
            h = unchecked((h ^ (h >> 32) ^ ((uint)Port0 << 16 | Port1)) * Odd1);
            return (uint)(h >> 32);
        }
    }
}
