using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// The layout of the headers in one variant of pcap file. The file format is draft-ietf-opsawg-pcap; the variants are those of patched and vendor
/// libraries, which tcpdump and Wireshark also read.
/// </summary>
/// <param name="Swapped">Whether the writer's byte order is big-endian.</param>
/// <param name="NanosecondsPerTick">1 for nanosecond files, 1000 for microsecond files.</param>
/// <param name="RecordHeaderLength">Bytes before each frame: 16, or more in the patched flavors.</param>
/// <param name="FileHeaderLength">24, or 28 if Ixia adds the size of the file.</param>
internal readonly record struct PcapFormat(bool Swapped, int NanosecondsPerTick, int RecordHeaderLength, int FileHeaderLength)
{
    /// <summary>16 bytes: seconds, fraction, captured length, original length (section 5 of the draft).</summary>
    public const int StandardRecord = 16;

    /// <summary>Nokia IPSO: four more bytes of unknown use.</summary>
    public const int NokiaRecord = 20;

    /// <summary>Kuznetzov's patch (Red Hat 6.1): interface index, protocol, packet type.</summary>
    public const int KuznetzovRecord = 24;

    /// <summary>An earlier version of that patch (SuSE 6.3): two processor numbers more.</summary>
    public const int SuseRecord = 28;

    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const uint Kuznetzov = 0xA1B2CD34;
    private const uint IxiaHardware = 0x1C0001AC;
    private const uint IxiaSoftware = 0x1C0001AB;

    /// <summary>Whether the magic number is that of Kuznetzov's patch, which both versions of the patch use.</summary>
    public bool IsModified => RecordHeaderLength == KuznetzovRecord;

    /// <summary>Returns the format of a magic number, or null. <paramref name="magic"/> is read little-endian.</summary>
    public static PcapFormat? Recognize(uint magic) =>
        FromMagic(magic, swapped: false) ?? FromMagic(BinaryPrimitives.ReverseEndianness(magic), swapped: true);

    private static PcapFormat? FromMagic(uint magic, bool swapped) => magic switch
    {
        Microseconds => new PcapFormat(swapped, (int)Primitives.Nanoseconds.PerMicrosecond, StandardRecord, 24),
        Nanoseconds => new PcapFormat(swapped, 1, StandardRecord, 24),
        Kuznetzov => new PcapFormat(swapped, (int)Primitives.Nanoseconds.PerMicrosecond, KuznetzovRecord, 24),
        IxiaHardware or IxiaSoftware => new PcapFormat(swapped, (int)Primitives.Nanoseconds.PerMicrosecond, StandardRecord, 28),
        _ => null,
    };
}
