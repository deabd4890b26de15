using System.Runtime.InteropServices;

namespace BrokenPipeTools.Live;

/// <summary>
/// struct pcap_pkthdr: a struct timeval, the captured length and the original length. The timeval is that of the system's C library.
/// <code>
///              seconds   fraction    captured   original
///   Unix 64    0..8      8..16 (*)   16..20     20..24
///   32 bit     0..4      4..8        8..12      12..16      Windows too, whose long has 32 bits everywhere
///   (*) macOS: 8..12, the rest is padding
/// </code>
/// </summary>
internal readonly record struct PcapFrameHeader(long Seconds, long Fraction, int Captured, int Original)
{
    public static PcapFrameHeader Read(nint header)
    {
        if (OperatingSystem.IsWindows() || nint.Size == 4)
            return new PcapFrameHeader(Marshal.ReadInt32(header), Marshal.ReadInt32(header, 4), Marshal.ReadInt32(header, 8), Marshal.ReadInt32(header, 12));
        long fraction = OperatingSystem.IsMacOS() ? Marshal.ReadInt32(header, 8) : Marshal.ReadInt64(header, 8);
        return new PcapFrameHeader(Marshal.ReadInt64(header), fraction, Marshal.ReadInt32(header, 16), Marshal.ReadInt32(header, 20));
    }
}
