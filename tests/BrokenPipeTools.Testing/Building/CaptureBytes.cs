using System.Buffers.Binary;
using System.IO.Compression;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Testing.Building;

/// <summary>A frame to put into a capture.</summary>
internal sealed record RawFrame(byte[] Data)
{
    /// <summary>Nanoseconds since 1970.</summary>
    public long Time { get; init; } = 1_700_000_000_000_000_000;

    /// <summary>The length on the wire if the frame was cut; null if it is whole.</summary>
    public int? OriginalLength { get; init; }

    public int Interface { get; init; }

    /// <summary>The options of the frame's enhanced packet block, as bytes in the byte order of the section.</summary>
    public byte[] Options { get; init; } = [];
}

/// <summary>Writes captures in every variant that the readers support. It does not use the engine's own writer.</summary>
internal static class CaptureBytes
{
    public static byte[] Pcap(
        IEnumerable<RawFrame> frames, int linkType = 1, uint magic = 0xA1B2C3D4, bool bigEndian = false, (ushort, ushort)? version = null, byte[]? recordExtra = null, byte[]? headerExtra = null, uint snap = 262144)
    {
        ByteList b = new(bigEndian);
        b.U32(magic).U16((version ?? (2, 4)).Item1).U16((version ?? (2, 4)).Item2).U32(0).U32(0).U32(snap).U32((uint)linkType).Raw(headerExtra ?? []);
        bool nano = magic == 0xA1B23C4D;
        bool swap = version is { Item1: 2, Item2: < 3 } or { Item1: 543 };
        foreach (RawFrame f in frames)
        {
            uint captured = (uint)f.Data.Length;
            uint original = (uint)(f.OriginalLength ?? f.Data.Length);
            b.U32((uint)(f.Time / Nanoseconds.PerSecond)).U32((uint)(f.Time % Nanoseconds.PerSecond / (nano ? 1 : Nanoseconds.PerMicrosecond)))
                .U32(swap ? original : captured).U32(swap ? captured : original).Raw(recordExtra ?? []).Raw(f.Data);
        }

        return b.ToArray();
    }

    public static byte[] Pcapng(IEnumerable<RawFrame> frames, int linkType = 1, bool bigEndian = false) =>
        [.. Section(bigEndian), .. InterfaceBlock(linkType, bigEndian), .. frames.SelectMany(f => EnhancedPacket(f, bigEndian))];

    public static byte[] Section(bool bigEndian = false) =>
        Block(0x0A0D0D0A, new ByteList(bigEndian).U32(0x1A2B3C4D).U16(1).U16(0).U32(uint.MaxValue).U32(uint.MaxValue), bigEndian);

    /// <param name="resolution">The value of if_tsresol; null for the default, microseconds.</param>
    /// <param name="offset">The value of if_tsoffset, in seconds.</param>
    public static byte[] InterfaceBlock(int linkType = 1, bool bigEndian = false, byte? resolution = null, long? offset = null, uint snap = 0)
    {
        ByteList b = new ByteList(bigEndian).U16((ushort)linkType).U16(0).U32(snap);
        if (resolution is { } r)
            b.U16(9).U16(1).Raw([r, 0, 0, 0]);
        if (offset is { } o)
            b.U16(14).U16(8).U64((ulong)o);
        if (resolution is not null || offset is not null)
            b.U32(0);
        return Block(1, b, bigEndian);
    }

    public static byte[] EnhancedPacket(RawFrame f, bool bigEndian = false, ulong? ticks = null)
    {
        ulong t = ticks ?? (ulong)(f.Time / Nanoseconds.PerMicrosecond);
        return Block(6, new ByteList(bigEndian).U32((uint)f.Interface).U32((uint)(t >> 32)).U32((uint)t)
            .U32((uint)f.Data.Length).U32((uint)(f.OriginalLength ?? f.Data.Length)).Raw(f.Data).Pad().Raw(f.Options), bigEndian);
    }

    public static byte[] ObsoletePacket(RawFrame f, bool bigEndian = false, ushort drops = 0)
    {
        ulong t = (ulong)(f.Time / Nanoseconds.PerMicrosecond);
        return Block(2, new ByteList(bigEndian).U16((ushort)f.Interface).U16(drops).U32((uint)(t >> 32)).U32((uint)t)
            .U32((uint)f.Data.Length).U32((uint)(f.OriginalLength ?? f.Data.Length)).Raw(f.Data).Pad(), bigEndian);
    }

    public static byte[] SimplePacket(RawFrame f, bool bigEndian = false) =>
        Block(3, new ByteList(bigEndian).U32((uint)(f.OriginalLength ?? f.Data.Length)).Raw(f.Data).Pad(), bigEndian);

    public static byte[] Block(uint type, ByteList body, bool bigEndian = false)
    {
        byte[] bytes = body.ToArray();
        uint length = (uint)bytes.Length + 12;
        return new ByteList(bigEndian).U32(type).U32(length).Raw(bytes).U32(length).ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream target = new();
        using (GZipStream gzip = new(target, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return target.ToArray();
    }
}

/// <summary>Numbers as bytes, in little-endian or big-endian order.</summary>
internal sealed class ByteList(bool bigEndian = true)
{
    private readonly List<byte> _bytes = [];

    public ByteList U16(ushort value)
    {
        Span<byte> b = stackalloc byte[2];
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(b, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(b, value);
        return Raw(b);
    }

    public ByteList U32(uint value)
    {
        Span<byte> b = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(b, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(b, value);
        return Raw(b);
    }

    public ByteList U64(ulong value)
    {
        Span<byte> b = stackalloc byte[8];
        if (bigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(b, value);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(b, value);
        return Raw(b);
    }

    public ByteList Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Rounds a length up to a multiple of four.</summary>
    public ByteList Pad()
    {
        while (_bytes.Count % 4 != 0)
            _bytes.Add(0);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
