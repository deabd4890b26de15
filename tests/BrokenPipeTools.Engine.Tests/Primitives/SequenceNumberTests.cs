using BrokenPipeTools.Primitives;
using CsCheck;

namespace BrokenPipeTools.Tests.Primitives;

/// <summary>The laws of serial numbers (RFC 1982, section 3; RFC 9293, section 3.4), with random values.</summary>
public sealed class SequenceNumberTests
{
    private const long Modulus = 1L << 32;
    private const int Half = 1 << 30; // the sum of two of these is less than 2^31

    /// <summary>Half of the numbers are near the limits: near 0, where they wrap, and near the middle, where the order ends.</summary>
    private static readonly Gen<SequenceNumber> Numbers = Gen.OneOf(
        Gen.UInt,
        Gen.Int[-2000, 2000].Select(near => unchecked((uint)near)),
        Gen.Int[-2000, 2000].Select(near => unchecked(0x8000_0000 + (uint)near))).Select(value => new SequenceNumber(value));

    private static readonly Gen<int> Counts = Gen.OneOf(Gen.Int, Gen.Int[-3, 3], Gen.Const(int.MinValue), Gen.Const(int.MaxValue));

    [Fact]
    public void The_distance_after_adding_n_is_n() =>
        Gen.Select(Numbers, Counts).Sample((a, n) => Assert.Equal(n, a.Add(n).DistanceFrom(a)));

    /// <summary>The reference is 64-bit arithmetic, which does not wrap.</summary>
    [Fact]
    public void Addition_wraps_at_two_to_the_32() =>
        Gen.Select(Numbers, Counts, Gen.UInt).Sample((a, n, m) =>
        {
            Assert.Equal((a.Value + n + Modulus) % Modulus, a.Add(n).Value);
            Assert.Equal((a.Value + (long)m) % Modulus, a.Add(m).Value);
        });

    [Fact]
    public void Addition_can_be_undone_and_done_in_parts() =>
        Gen.Select(Numbers, Counts, Counts).Sample((a, n, m) =>
        {
            Assert.Equal(a, a.Add(n).Add(unchecked(-n)));
            Assert.Equal(a.Add(n).Add(m), a.Add(unchecked(n + m)));
        });

    [Fact]
    public void Counting_up_and_counting_down_add_up_to_two_to_the_32() =>
        Gen.Select(Numbers, Numbers).Sample((a, b) =>
        {
            Assert.Equal(a == b ? 0 : Modulus, (long)a.CountFrom(b) + b.CountFrom(a));
            Assert.Equal(a, b.Add(a.CountFrom(b)));
            Assert.Equal(a.CountFrom(b), new SequenceRange(b, a).Count);
            Assert.Equal(a == b, new SequenceRange(b, a).IsEmpty);
        });

    [Fact]
    public void Near_numbers_are_in_order_also_across_the_wrap() =>
        Gen.Select(Numbers, Gen.Int[1, int.MaxValue]).Sample((a, n) =>
        {
            SequenceNumber later = a.Add(n);
            Assert.True(later.IsAfter(a) && later.IsAtOrAfter(a));
            Assert.False(a.IsAfter(later) || a.IsAtOrAfter(later));
        });

    /// <summary>RFC 1982, section 3.2: of two numbers that are 2^31 apart, neither is after the other.</summary>
    [Fact]
    public void Of_two_numbers_one_is_after_the_other_unless_they_are_equal_or_opposite() =>
        Gen.Select(Numbers, Numbers).Sample((a, b) =>
        {
            bool isOpposite = a.CountFrom(b) == Modulus / 2;
            Assert.Equal(a == b || isOpposite ? 0 : 1, (a.IsAfter(b) ? 1 : 0) + (b.IsAfter(a) ? 1 : 0));
            Assert.Equal(a == b || a.IsAfter(b), a.IsAtOrAfter(b));
        });

    [Fact]
    public void Order_is_transitive_over_less_than_half_the_numbers() =>
        Gen.Select(Numbers, Gen.Int[1, Half - 1], Gen.Int[1, Half]).Sample((a, n, m) =>
            Assert.True(a.Add(n).IsAfter(a) && a.Add(n).Add(m).IsAfter(a.Add(n)) && a.Add(n).Add(m).IsAfter(a)));

    /// <summary>An initial sequence number is random, so it must not matter.</summary>
    [Fact]
    public void Order_and_distance_do_not_depend_on_where_counting_begins() =>
        Gen.Select(Numbers, Numbers, Counts).Sample((a, b, shift) =>
        {
            Assert.Equal(a.IsAfter(b), a.Add(shift).IsAfter(b.Add(shift)));
            Assert.Equal(a.DistanceFrom(b), a.Add(shift).DistanceFrom(b.Add(shift)));
        });

    [Fact]
    public void Text_is_the_decimal_number() => Assert.Equal("4294967295", new SequenceNumber(0).Add(-1).ToString());
}
