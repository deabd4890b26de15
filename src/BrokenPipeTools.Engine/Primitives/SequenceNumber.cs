using System.Globalization;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Primitives;

/// <summary>
/// A TCP sequence or acknowledgment number. Numbers wrap at 2^32 (RFC 9293, section 3.4), so they are compared as RFC 1982, section 3.2 does: a
/// number is after another one if it is reached sooner by counting up than by counting down. Two numbers that are 2^31 apart have no order.
/// </summary>
/// <param name="Value">The 32 bits of the header.</param>
internal readonly record struct SequenceNumber(uint Value)
{
    /// <summary>Returns the number that is <paramref name="count"/> after this one, or before it if that is negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SequenceNumber Add(int count) => new(unchecked(Value + (uint)count));

    /// <inheritdoc cref="Add(int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SequenceNumber Add(uint count) => new(unchecked(Value + count));

    /// <summary>
    /// Returns the distance from another number to this one: negative if this number is before the other one, and -2^31 if they have no order.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int DistanceFrom(SequenceNumber other) => unchecked((int)(Value - other.Value));

    /// <summary>Returns how far to count up from another number to reach this one, also if counting down would be shorter: 0 to 2^32 - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint CountFrom(SequenceNumber other) => unchecked(Value - other.Value);

    /// <summary>Returns whether this number is after another one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAfter(SequenceNumber other) => DistanceFrom(other) > 0;

    /// <summary>Returns whether this number is equal to another one, or after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAtOrAfter(SequenceNumber other) => DistanceFrom(other) >= 0;

    /// <summary>Returns the number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
