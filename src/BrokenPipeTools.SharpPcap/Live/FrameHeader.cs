using System.Runtime.CompilerServices;

namespace BrokenPipeTools.SharpPcap.Live;

/// <summary>
/// Reads struct pcap_pkthdr: a struct timeval, the captured length and the original length. SharpPcap's own method makes two objects for each frame.
/// The struct timeval is that of the system's C library:
/// <code>
///              seconds   fraction    captured   original
///   Unix 64    0..8      8..16 (*)   16..20     20..24
///   32 bit     0..4      4..8        8..12      12..16      Windows too, whose long has 32 bits everywhere
///   (*) macOS: 8..12, the rest is padding
/// </code>
/// </summary>
internal readonly record struct FrameHeader(long Seconds, long Fraction, int Captured, int Original)
{
    public static unsafe FrameHeader Read(nint header)
    {
        byte* at = (byte*)header;
        if (OperatingSystem.IsWindows() || nint.Size == 4)
            return new FrameHeader(Int32(at), Int32(at + 4), Int32(at + 8), Int32(at + 12));
        long fraction = OperatingSystem.IsMacOS() ? Int32(at + 8) : Unsafe.ReadUnaligned<long>(at + 8);
        return new FrameHeader(Unsafe.ReadUnaligned<long>(at), fraction, Int32(at + 16), Int32(at + 20));
    }

    private static unsafe int Int32(byte* at) => Unsafe.ReadUnaligned<int>(at);
}
