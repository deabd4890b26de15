using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Files;

/// <summary>The magic numbers of compressed files: gzip (RFC 1952), zstd (RFC 8878), lz4 (lz4_Frame_format.md).</summary>
internal static class CompressedFormat
{
    public const uint Zstd = 0xFD2FB528;

    public const uint Lz4 = 0x184D2204;

    /// <summary>The format of lz4 -l and of old versions.</summary>
    public const uint Lz4Legacy = 0x184C2102;

    private const ushort Gzip = 0x1F8B;

    /// <summary>Returns whether gzip data begin here.</summary>
    public static bool IsGzip(ByteWindow window) => window.Ensure(sizeof(ushort)) && BinaryPrimitives.ReadUInt16BigEndian(window.Bytes) == Gzip;

    /// <summary>Returns whether zstd or lz4 data begin here. pzstd writes a skippable frame before each other frame.</summary>
    public static bool IsFrames(ByteWindow window) => window.Ensure(sizeof(uint)) && IsFrame(BinaryPrimitives.ReadUInt32LittleEndian(window.Bytes));

    /// <summary>Returns whether a frame begins with this number.</summary>
    public static bool IsFrame(uint magic) => magic is Zstd or Lz4 or Lz4Legacy || IsSkippable(magic);

    /// <summary>Returns whether this number begins a frame that a decoder skips. Both formats have such frames.</summary>
    public static bool IsSkippable(uint magic) => magic is >= 0x184D2A50 and <= 0x184D2A5F;
}
