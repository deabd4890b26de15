using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// The header of a pcap file.
/// <code>
///   0       4       6       8       12      16      20      24
///   +-------+-------+-------+-------+-------+-------+-------+
///   | magic | major | minor | zone  | sigfig| snap  | link  |
///   +-------+-------+-------+-------+-------+-------+-------+
/// </code>
/// </summary>
internal readonly record struct PcapFileHeader(ushort MajorVersion, ushort MinorVersion, uint SnapLength, uint Network, bool IsAix)
{
    private const int MajorAt = 4;
    private const int MinorAt = 6;
    private const int SnapAt = 16;
    private const int NetworkAt = 20;

    /// <summary>
    /// The link type is in the low 16 bits of its field; the high bits contain the length of the frame check sequence, which is not needed.
    /// </summary>
    public int LinkType => IsAix ? AixLinkType : (int)(Network & 0xFFFF);

    public LengthOrder LengthOrder => (MajorVersion, MinorVersion) switch
    {
        (2, < 3) when !IsAix => LengthOrder.OriginalFirst,
        (2, 3) => LengthOrder.Either,
        (543, _) => LengthOrder.OriginalFirst, // DG/UX's tcpdump
        _ => LengthOrder.CapturedFirst,
    };

    /// <summary>AIX writes the interface type of RFC 1573 instead of the link type.</summary>
    private int AixLinkType => Network switch { 6 => 1, 9 => 6, 15 => 10, _ => 0 };

    public static PcapFileHeader Read(ReadOnlySpan<byte> bytes, bool swapped)
    {
        ushort major = MemoryMarshal.Read<ushort>(bytes[MajorAt..]);
        ushort minor = MemoryMarshal.Read<ushort>(bytes[MinorAt..]);
        uint snap = MemoryMarshal.Read<uint>(bytes[SnapAt..]);
        uint network = MemoryMarshal.Read<uint>(bytes[NetworkAt..]);
        if (swapped == BitConverter.IsLittleEndian)
        {
            major = BinaryPrimitives.ReverseEndianness(major);
            minor = BinaryPrimitives.ReverseEndianness(minor);
            snap = BinaryPrimitives.ReverseEndianness(snap);
            network = BinaryPrimitives.ReverseEndianness(network);
        }

        // AIX uses the standard magic number with version 2.2, nanoseconds, and interface types that no other program wrote then.
        bool aix = MemoryMarshal.Read<uint>(bytes) is 0xA1B2C3D4 or 0xD4C3B2A1 && (major, minor) == (2, 2) && network is 6 or 9 or 15 or 24;
        return new PcapFileHeader(major, minor, snap, network, aix);
    }
}
