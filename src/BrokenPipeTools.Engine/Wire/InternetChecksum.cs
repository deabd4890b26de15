using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The checksum of RFC 1071. Being a sum with the carry brought around, it may be taken in words of any width and byte order;
/// the parts are folded together at the end.
/// </summary>
internal static class InternetChecksum
{
    /// <summary>Where a TCP header has its checksum.</summary>
    private const int FieldAt = 16;

    /// <summary>
    /// Verifies a segment's checksum. The sum over pseudo header (RFC 9293, section 3.1) and segment must be all ones. If the
    /// sending host leaves the work to its network card, the field holds the sum of the pseudo header alone (Linux: CHECKSUM_PARTIAL;
    /// large sends leave the length out).
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
    /// Adds words of 32 bits in sums of 64, which the longest packet cannot overflow. Nothing here checks bounds twice or waits for a
    /// carry: this runs over every byte of a capture.
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
