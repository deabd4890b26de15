using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Arithmetic on TCP sequence numbers, which wrap at 2^32 (RFC 9293, section 3.4): one number is before another
/// if the way forward to it is the shorter one.
/// </summary>
internal static class SequenceNumber
{
    /// <summary>How far <paramref name="a"/> is ahead of <paramref name="b"/>; negative if it is behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Difference(uint a, uint b) => unchecked((int)(a - b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAfter(uint a, uint b) => unchecked((int)(a - b)) > 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAtOrAfter(uint a, uint b) => unchecked((int)(a - b)) >= 0;
}
