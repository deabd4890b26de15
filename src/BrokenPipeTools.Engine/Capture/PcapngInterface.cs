using System.Text;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture;

/// <summary>The fields of an interface description block (section 4.2 of the pcapng draft) that the frames need.</summary>
internal sealed class PcapngInterface
{
    private const ushort NameOption = 2;      // if_name
    private const ushort TimeResolution = 9;  // if_tsresol
    private const ushort TimeOffset = 14;     // if_tsoffset
    private const ushort InterfaceDrops = 5;  // isb_ifdrop
    private const ushort SystemDrops = 7;     // isb_osdrop
    private const byte Microseconds = 6;

    /// <summary>The most bytes of a name that are kept. Systems allow names of 15 to 256 bytes, and a file can have 65,536 interfaces.</summary>
    private const int LongestName = 64;

    /// <summary>A larger number of lost frames cannot be true. With this bound, the sum over all interfaces of a file does not overflow.</summary>
    private const ulong MaxDrops = 1UL << 40;

    private byte _resolution;
    private long _offsetSeconds;

    public int LinkType { get; private init; }

    public uint SnapLength { get; private init; }

    /// <summary>The name in the capture, cut after 64 bytes; null if it has none. Control characters are not removed.</summary>
    public string? Name { get; private init; }

    // Lost frames of this interface by its newest statistics, and by the options of its packets. Both count the same losses.
    private long _statisticsDrops;
    private long _packetDrops;

    /// <summary>Whole nanoseconds per tick; 0 if a tick is not a whole number of nanoseconds.</summary>
    private ulong _nanosecondsPerTick;

    public static PcapngInterface Read(PcapngFields body)
    {
        if (body.Length < 8)
            return new PcapngInterface { LinkType = -1 };
        PcapngFields resolution = body.Option(8, TimeResolution);
        PcapngFields offset = body.Option(8, TimeOffset);
        PcapngFields name = body.Option(8, NameOption);
        PcapngInterface made = new()
        {
            LinkType = body.U16(0),
            SnapLength = body.U32(4),
            Name = name.Length == 0 ? null : Encoding.UTF8.GetString(name.Bytes[..Math.Min(name.Length, LongestName)]),
        };
        made._resolution = resolution.Length >= 1 ? resolution.Bytes[0] : Microseconds;
        made._offsetSeconds = offset.Length >= 8 ? (long)offset.U64(0) : 0;
        made._nanosecondsPerTick = made._resolution <= 9 ? (ulong)Math.Pow(10, 9 - made._resolution) : 0;
        return made;
    }

    /// <summary>Replaces the number of lost frames with that of newer statistics. Returns by how much the number grows, which may be negative.</summary>
    public long ReplaceDrops(long drops)
    {
        long before = Math.Max(_statisticsDrops, _packetDrops);
        _statisticsDrops = drops;
        return Math.Max(_statisticsDrops, _packetDrops) - before;
    }

    /// <summary>Adds the lost frames that the options of a packet report. Returns by how much the number of lost frames grows.</summary>
    public long AddPacketDrops(long drops)
    {
        long before = Math.Max(_statisticsDrops, _packetDrops);
        _packetDrops += drops;
        return Math.Max(_statisticsDrops, _packetDrops) - before;
    }

    /// <summary>Reads from an interface statistics block how many frames were lost since the capture began (section 4.6 of the pcapng draft).</summary>
    public static long ReadDrops(PcapngFields body) =>
        body.Length < 12 ? 0 : Counter(body, InterfaceDrops) + Counter(body, SystemDrops);

    /// <summary>Converts a 64-bit tick count to nanoseconds since 1970. A value out of range becomes the nearest possible one.</summary>
    public long ToNanoseconds(uint high, uint low)
    {
        ulong ticks = ((ulong)high << 32) | low;
        if (_offsetSeconds == 0 && _nanosecondsPerTick != 0 && ticks <= long.MaxValue / Nanoseconds.PerSecond * 1000)
            return (long)UInt128.Min((UInt128)ticks * _nanosecondsPerTick, (UInt128)long.MaxValue);

        UInt128 nanoseconds = Scale(ticks);
        Int128 total = (Int128)UInt128.Min(nanoseconds, (UInt128)long.MaxValue) + ((Int128)_offsetSeconds * Nanoseconds.PerSecond);
        return (long)Int128.Clamp(total, long.MinValue, long.MaxValue);
    }

    /// <summary>Converts ticks to nanoseconds with if_tsresol: if its high bit is set, the other bits are a power of two, otherwise of ten.</summary>
    private UInt128 Scale(ulong ticks)
    {
        int exponent = _resolution & 0x7F;
        if ((_resolution & 0x80) != 0)
            return exponent >= 96 ? 0 : ((UInt128)ticks * (ulong)Nanoseconds.PerSecond) >> exponent;
        UInt128 scaled = (UInt128)ticks * (ulong)Nanoseconds.PerSecond;
        for (int i = 0; i < exponent && scaled != 0; i++)
            scaled /= 10;
        return scaled;
    }

    private static long Counter(PcapngFields body, ushort code)
    {
        PcapngFields option = body.Option(12, code);
        return option.Length >= 8 ? (long)Math.Min(option.U64(0), MaxDrops) : 0;
    }
}
