using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The checksum of RFC 1071. It is a sum whose carries are added again, so it may be computed with words of any width and byte order; the parts are
/// added at the end.
/// </summary>
internal static class InternetChecksum
{
    /// <summary>The offset of the checksum in a TCP header.</summary>
    private const int FieldAt = 16;

    /// <summary>
    /// Verifies a segment's checksum. The sum over pseudo header (RFC 9293, section 3.1) and segment must be all ones. If the sending host leaves the
    /// checksum to its network card, the field contains only the sum of the pseudo header (Linux: CHECKSUM_PARTIAL; large sends do not include the
    /// length).
    /// </summary>
    public static ChecksumState Judge(ReadOnlySpan<byte> segment, IpBits source, IpBits destination)
    {
        ulong addresses = Add(Add(Add(BigEndian(source.High), BigEndian(source.Low)), BigEndian(destination.High)), BigEndian(destination.Low));
        ulong pseudo = Add(addresses, BigEndian(((ulong)IpProtocol.Tcp << 32) + (uint)segment.Length));
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
        const int Word = sizeof(ulong);
        ref byte first = ref MemoryMarshal.GetReference(bytes);
        nint length = bytes.Length;
        nint at = 0;
        ulong low = 0;
        ulong high = 0;
        if (length >= 4 * Vector<byte>.Count)
        {
            at = length & -Vector<byte>.Count;
            low = SumVectors(bytes[..(int)at]);
        }

        for (; at + Word <= length; at += Word)
        {
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at));
            low += (uint)word;
            high += word >> 32;
        }

        ulong rest = 0;
        for (int shift = 0; at < length; at++, shift += 8)
            rest |= (ulong)Unsafe.Add(ref first, at) << (BitConverter.IsLittleEndian ? shift : 56 - shift);
        return low + high + (uint)rest + (rest >> 32);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong sum, ulong value)
    {
        sum = unchecked(sum + value);
        return sum < value ? sum + 1 : sum;
    }

    private static ushort Fold(ulong sum)
    {
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & uint.MaxValue) + (sum >> 32);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)sum;
    }

    private static ulong BigEndian(ulong value) =>
        BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) : value;
}
