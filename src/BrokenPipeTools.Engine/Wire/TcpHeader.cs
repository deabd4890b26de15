using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// RFC 9293, section 3.1.
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
    /// <summary>Bytes up to and with the window: what a segment needs to be of use, and what Wireshark asks before it opens a stream.</summary>
    public const int UsefulLength = 16;

    /// <summary>Ports and sequence number: what every ICMP error must quote (RFC 792).</summary>
    public const int QuotedLength = 8;

    private const int DestinationPortAt = 2;
    private const int SequenceAt = 4;
    private const int AcknowledgmentAt = 8;
    private const int OffsetAt = 12;
    private const int FlagsAt = 13;
    private const int WindowAt = 14;
    private const int ChecksumAt = 16;
    private const int MinLength = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The whole segment, as far as it was captured.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[DestinationPortAt..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[SequenceAt..]);

    public uint Acknowledgment => BinaryPrimitives.ReadUInt32BigEndian(_bytes[AcknowledgmentAt..]);

    /// <summary>Where the payload begins. Strange values are kept: they are evidence.</summary>
    public int Length => (_bytes[OffsetAt] >> 4) * 4;

    public TcpFlags Flags => (TcpFlags)_bytes[FlagsAt];

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(_bytes[WindowAt..]);

    /// <summary>The checksum field; 0 if it was not captured.</summary>
    public ushort Checksum => _bytes.Length >= ChecksumAt + 2 ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[ChecksumAt..]) : (ushort)0;

    /// <summary>The options, as far as they were captured.</summary>
    public ReadOnlySpan<byte> Options =>
        _bytes.Length > MinLength && Length > MinLength ? _bytes[MinLength..Math.Min(Length, _bytes.Length)] : default;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = new TcpHeader(bytes);
        return bytes.Length >= UsefulLength;
    }

    /// <summary>Ports and sequence number of a quotation cut to eight bytes.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> bytes, out TcpHeader header)
    {
        header = new TcpHeader(bytes);
        return bytes.Length >= QuotedLength;
    }
}

/// <summary>The options that matter here: kind (1), length (1), value; kinds 0 and 1 are a byte alone (RFC 9293, section 3.2).</summary>
internal readonly record struct TcpOptions(byte WindowScale, bool HasTimestamps, uint Timestamp, uint TimestampEcho, byte? MptcpReset)
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte WindowScaleKind = 3;
    private const byte TimestampsKind = 8;
    private const byte MptcpKind = 30;
    private const int MptcpResetSubtype = 8; // RFC 8684, section 3.6
    private const byte MaxShift = 14; // RFC 7323, section 2.3

    /// <summary>Whether the timestamps option is there. Nearly always it stands first, behind two bytes of padding (RFC 7323, appendix A).</summary>
    public static bool HaveTimestamps(ReadOnlySpan<byte> options) =>
        !options.IsEmpty && ((options.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(options) == 0x0101_080A) || Read(options).HasTimestamps);

    public static TcpOptions Read(ReadOnlySpan<byte> options)
    {
        byte scale = Segment.NoWindowScale;
        bool timestamps = false;
        uint timestamp = 0;
        uint echo = 0;
        byte? reset = null;
        while (!options.IsEmpty && options[0] != EndOfList)
        {
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                break;
            if (options[0] == WindowScaleKind && options[1] >= 3)
                scale = Math.Min(options[2], MaxShift);
            if (options[0] == MptcpKind && options[1] >= 4 && options[2] >> 4 == MptcpResetSubtype)
                reset = options[3];
            if (options[0] == TimestampsKind && options[1] >= 10)
            {
                timestamps = true;
                timestamp = BinaryPrimitives.ReadUInt32BigEndian(options[2..]);
                echo = BinaryPrimitives.ReadUInt32BigEndian(options[6..]);
            }

            options = options[options[1]..];
        }

        return new TcpOptions(scale, timestamps, timestamp, echo, reset);
    }
}
