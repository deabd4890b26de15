using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The checksum of RFC 1071. It is a sum whose carries are added again, so it may be computed with words of any width and byte order; the parts are
/// added at the end.
/// </summary>
internal static class InternetChecksum
{
    /// <summary>The offset of the checksum in a TCP header.</summary>
    private const int FieldAt = 16;

    /// <summary>Verifies the checksum of a segment that follows directly on the addresses of its IP header, in one pass over both.</summary>
    /// <param name="bytes">The two addresses and the segment.</param>
    /// <param name="addresses">The bytes of the two addresses.</param>
    /// <param name="segment">The segment as decoded.</param>
    public static ChecksumState Judge(ReadOnlySpan<byte> bytes, int addresses, in Segment segment)
    {
        ulong sum = Add(PseudoWord(bytes.Length - addresses), Sum(bytes));
        return Fold(sum) == ushort.MaxValue ? ChecksumState.Good : Judge(bytes[addresses..], segment.Source, segment.Destination);
    }

    /// <summary>
    /// Verifies a segment's checksum. The sum over pseudo header (RFC 9293, section 3.1) and segment must be all ones. If the sending host leaves the
    /// checksum to its network card, the field contains only the sum of the pseudo header (Linux: CHECKSUM_PARTIAL; large sends do not include the
    /// length).
    /// </summary>
    public static ChecksumState Judge(ReadOnlySpan<byte> segment, IpBits source, IpBits destination)
    {
        ulong addresses = Add(Add(Add(BigEndian(source.High), BigEndian(source.Low)), BigEndian(destination.High)), BigEndian(destination.Low));
        ulong pseudo = Add(addresses, PseudoWord(segment.Length));
        if (Fold(Add(pseudo, Sum(segment))) == ushort.MaxValue)
            return ChecksumState.Good;
        if (segment.Length < FieldAt + 2)
            return ChecksumState.Bad;
        ushort field = MemoryMarshal.Read<ushort>(segment[FieldAt..]);
        bool partial = field == Fold(pseudo) || field == Fold(Add(addresses, BigEndian(IpProtocol.Tcp)));
        return partial ? ChecksumState.Offloaded : ChecksumState.Bad;
    }

    /// <summary>
    /// Adds 32-bit words in 64-bit sums, which the longest packet cannot overflow. It avoids repeated bounds checks and carries, because it runs over
    /// every byte of a capture.
    /// </summary>
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        nint length = bytes.Length;
        nint at = 0;
        ulong sum = 0;
        if (length >= 4 * Vector<byte>.Count)
        {
            at = length & -Vector<byte>.Count;
            sum = SumVectors(bytes[..(int)at]);
        }

        Vector128<ulong> low = Vector128<ulong>.Zero;
        Vector128<ulong> high = Vector128<ulong>.Zero;
        for (; at + Vector128<byte>.Count <= length; at += Vector128<byte>.Count)
        {
            Vector128<ulong> words = Vector128.LoadUnsafe(ref first, (nuint)at).AsUInt64();
            low += words & Vector128.Create((ulong)uint.MaxValue);
            high += words >>> 32;
        }

        return sum + Vector128.Sum(low + high) + SumShort(ref Unsafe.Add(ref first, at), length - at);
    }

    /// <summary>Adds the words of the last bytes, fewer than 16; the last word is filled up with zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SumShort(ref byte first, nint length)
    {
        ulong sum = 0;
        nint at = 0;
        if ((length & 8) != 0)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref first);
            sum = (uint)word + (word >> 32);
            at = 8;
        }

        if ((length & 4) != 0)
        {
            sum += Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));
            at += 4;
        }

        if ((length & 2) != 0)
        {
            sum += Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref first, at));
            at += 2;
        }

        if ((length & 1) != 0)
            sum += (uint)Unsafe.Add(ref first, at) << (BitConverter.IsLittleEndian ? 0 : 8);
        return sum;
    }

    private static ulong SumVectors(ReadOnlySpan<byte> bytes)
    {
        Vector<ulong> low = Vector<ulong>.Zero;
        Vector<ulong> high = Vector<ulong>.Zero;
        foreach (Vector<uint> vector in MemoryMarshal.Cast<byte, Vector<uint>>(bytes))
        {
            Vector.Widen(vector, out Vector<ulong> l, out Vector<ulong> h);
            low += l;
            high += h;
        }

        return Vector.Sum(low + high);
    }

    /// <summary>Returns the last words of the pseudo header: the protocol and the segment's length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PseudoWord(int length) => BigEndian(((ulong)IpProtocol.Tcp << 32) + (uint)length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong sum, ulong value)
    {
        sum = unchecked(sum + value);
        return sum < value ? sum + 1 : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Fold(ulong sum)
    {
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BigEndian(ulong value) =>
        BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) : value;
}
