using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The header of a TCP segment (RFC 9293, section 3.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |          Source Port          |       Destination Port        |
/// |                        Sequence Number                        |
/// |                    Acknowledgment Number                      |
/// | Offset| Rsrvd |C|E|U|A|P|R|S|F|            Window             |
/// |           Checksum            |         Urgent Pointer        |
/// </code>
/// </summary>
internal readonly ref struct TcpHeader
{
    /// <summary>Bytes up to and including the window: the fewest that are decoded, and the fewest for which Wireshark opens a stream.</summary>
    public const int UsefulLength = 16;

    /// <summary>Ports and sequence number, which every ICMP error must quote (RFC 792).</summary>
    public const int QuotedLength = 8;

    /// <summary>The length of a header without options.</summary>
    public const int MinLength = 20;

    private const int DestinationPortAt = 2;
    private const int SequenceAt = 4;
    private const int AcknowledgmentAt = 8;
    private const int OffsetAt = 12;
    private const int FlagsAt = 13;
    private const int WindowAt = 14;
    private const int ChecksumAt = 16;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The captured bytes of the segment.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[DestinationPortAt..]);

    public SequenceNumber Sequence
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[SequenceAt..]));
    }

    public SequenceNumber Acknowledgment
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes[AcknowledgmentAt..]));
    }

    /// <summary>The offset of the payload. Invalid values are kept, because they are evidence.</summary>
    public int Length => (_bytes[OffsetAt] >> 4) * 4;

    public TcpFlags Flags => (TcpFlags)_bytes[FlagsAt];

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[WindowAt..]);

    /// <summary>The checksum field; 0 if it was not captured.</summary>
    public ushort Checksum => _bytes.Length >= ChecksumAt + 2 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[ChecksumAt..]) : (ushort)0;

    /// <summary>The captured bytes of the options.</summary>
    public ReadOnlySpan<byte> Options =>
        _bytes.Length > MinLength && Length > MinLength ? _bytes[MinLength..Math.Min(Length, _bytes.Length)] : default;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = new TcpHeader(bytes);
        return bytes.Length >= UsefulLength;
    }

    /// <summary>Reads ports and sequence number of a quotation that was cut to eight bytes.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = new TcpHeader(bytes);
        return bytes.Length >= QuotedLength;
    }
}
