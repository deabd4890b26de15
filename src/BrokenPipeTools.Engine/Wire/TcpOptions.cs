using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Wire;

/// <summary>The options that are used here: kind (1), length (1), value; kinds 0 and 1 consist of one byte (RFC 9293, section 3.2).</summary>
internal readonly record struct TcpOptions(byte WindowScale, bool HasTimestamps, uint Timestamp, uint TimestampEcho, byte? MptcpReset, Multipath Multipath)
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte WindowScaleKind = 3;
    private const byte TimestampsKind = 8;
    private const byte MptcpKind = 30;
    private const int MptcpResetSubtype = 8; // RFC 8684, section 3.6
    private const int MptcpNumbersSubtype = 2; // section 3.3: DSS
    private const int MptcpLastOpeningSubtype = 1; // sections 3.1 and 3.2: MP_CAPABLE, MP_JOIN
    private const int MptcpDataFin = 0x10;
    private const byte MaxShift = 14; // RFC 7323, section 2.3

    /// <summary>Two bytes of padding and the kind and length of timestamps: the only option of most segments (RFC 7323, appendix A).</summary>
    private const uint PaddedTimestamps = 0x0101_080A;

    private const int PaddedTimestampsLength = 12;

    /// <summary>Returns whether the options are those of most segments: timestamps after two bytes of padding, and nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreOnlyTimestamps(ReadOnlySpan<byte> options) =>
        options.Length == PaddedTimestampsLength && BinaryPrimitives.ReadUInt32BigEndian(options) == PaddedTimestamps;

    public static TcpOptions Read(ReadOnlySpan<byte> options)
    {
        byte scale = Segment.NoWindowScale;
        bool timestamps = false;
        uint timestamp = 0;
        uint echo = 0;
        byte? reset = null;
        Multipath multipath = Multipath.None;
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
            if (options[0] == MptcpKind && options[1] >= 4)
                multipath |= StatedBy(options[2] >> 4, options[3]);
            if (options[0] == TimestampsKind && options[1] >= 10)
            {
                timestamps = true;
                timestamp = BinaryPrimitives.ReadUInt32BigEndian(options[2..]);
                echo = BinaryPrimitives.ReadUInt32BigEndian(options[6..]);
            }

            options = options[options[1]..];
        }

        return new TcpOptions(scale, timestamps, timestamp, echo, reset, multipath);
    }

    private static Multipath StatedBy(int subtype, byte flags) => subtype switch
    {
        MptcpNumbersSubtype when (flags & MptcpDataFin) != 0 => Multipath.Subflow | Multipath.DataFin,
        MptcpNumbersSubtype or <= MptcpLastOpeningSubtype => Multipath.Subflow,
        _ => Multipath.None,
    };
}
