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
    /// Judges a segment's checksum. The sum over pseudo header (RFC 9293, section 3.1) and segment must be all ones. Where the
    /// sending host leaves the work to its network card, the field holds the sum of the pseudo header alone (Linux: CHECKSUM_PARTIAL;
    /// large sends leave the length out).
    /// </summary>
    public static ChecksumState Judge(ReadOnlySpan<byte> segment, in IpHeader ip)
    {
        ulong addresses = Add(Add(Add(BigEndian(ip.Source.High), BigEndian(ip.Source.Low)), BigEndian(ip.Destination.High)), BigEndian(ip.Destination.Low));
        ulong pseudo = Add(addresses, BigEndian(((ulong)IpProtocol.Tcp << 32) + (uint)segment.Length));
        if (Fold(Add(pseudo, Sum(segment))) == ushort.MaxValue)
            return ChecksumState.Good;
        if (segment.Length < FieldAt + 2)
            return ChecksumState.Bad;
        ushort field = MemoryMarshal.Read<ushort>(segment[FieldAt..]);
        bool partial = field == Fold(pseudo) || field == Fold(Add(addresses, BigEndian(IpProtocol.Tcp)));
        return partial ? ChecksumState.Offloaded : ChecksumState.Bad;
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        if (bytes.Length >= 64)
        {
            sum = SumVectors(bytes, out int done);
            bytes = bytes[done..];
        }

        while (bytes.Length >= 8)
        {
            sum = Add(sum, MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[8..];
        }

        if (bytes.IsEmpty)
            return sum;
        ulong rest = 0;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref rest)));
        return Add(sum, rest);
    }

    /// <summary>Adds 32-bit words in 64-bit lanes, where they cannot overflow within the length of a packet.</summary>
    private static ulong SumVectors(ReadOnlySpan<byte> bytes, out int done)
    {
        Vector<ulong> low = Vector<ulong>.Zero;
        Vector<ulong> high = Vector<ulong>.Zero;
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<byte, Vector<uint>>(bytes);
        foreach (Vector<uint> vector in vectors)
        {
            Vector.Widen(vector, out Vector<ulong> l, out Vector<ulong> h);
            low += l;
            high += h;
        }

        done = vectors.Length * Vector<byte>.Count;
        ulong sum = 0;
        Vector<ulong> lanes = low + high;
        for (int i = 0; i < Vector<ulong>.Count; i++)
            sum = Add(sum, lanes[i]);
        return sum;
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
