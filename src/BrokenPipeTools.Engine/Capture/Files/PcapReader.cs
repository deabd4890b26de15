using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Reads pcap files (draft-ietf-opsawg-pcap) and the flavors of <see cref="PcapFormat"/>.
/// <code>
///   0          4          8          12         16
///   +----------+----------+----------+----------+------- - -
///   | seconds  | fraction | captured | original | frame
///   +----------+----------+----------+----------+------- - -
/// </code>
/// </summary>
internal sealed class PcapReader : IBufferedSource
{
    private const int SecondsAt = 0;
    private const int FractionAt = 4;
    private const int CapturedAt = 8;
    private const int OriginalAt = 12;

    private readonly CaptureInput _input;
    private readonly PcapFormat _format;
    private readonly int _linkType;
    private readonly LengthOrder _lengthOrder;
    private long _frames;

    public PcapReader(CaptureInput input, PcapFormat format)
    {
        _input = input;
        if (!input.Ensure(format.FileHeaderLength))
            throw input.Truncated("the pcap file header");
        PcapFileHeader header = PcapFileHeader.Read(input.Window.Bytes, format.Swapped);
        if (header.MajorVersion < 2)
            throw input.Fault(CaptureFault.Malformed, $"pcap version {header.MajorVersion}.{header.MinorVersion} is not supported");

        input.Window.Advance(format.FileHeaderLength);
        _linkType = header.LinkType;
        _lengthOrder = header.LengthOrder;
        _format = header.IsAix ? format with { NanosecondsPerTick = 1 } : PcapFlavor.Choose(input, format, header);
    }

    public string Name => _input.Name;

    public long Position => _input.Position;

    public long? Length => _input.Length;

    /// <summary>pcap files do not record losses.</summary>
    public long DroppedFrames => 0;

    public bool TryRead(out Frame frame)
    {
        int headerLength = _format.RecordHeaderLength;
        if (!_input.Ensure(headerLength))
            return AtEnd(out frame);

        ReadOnlySpan<byte> bytes = _input.Window.Bytes;
        PcapRecord record = ReadRecord(bytes);
        if (record.Captured > Frame.MaxLength)
            throw _input.Fault(CaptureFault.Malformed, $"invalid length: a frame of {record.Captured} bytes");
        int length = headerLength + (int)record.Captured;
        if (bytes.Length < length)
        {
            if (!_input.Ensure(length))
                throw _input.Truncated("a frame");
            bytes = _input.Window.Bytes;
        }

        frame = new Frame
        {
            Number = ++_frames,
            Time = (record.Seconds * Nanoseconds.PerSecond) + Fraction(record.Fraction),
            LinkType = _linkType,
            OriginalLength = Frame.OriginalLengthOf(record.Original, record.Captured),
            Data = bytes[headerLength..length],
        };
        _input.Window.Advance(length);
        return true;
    }

    public bool TryReadNow(out Frame frame)
    {
        ReadOnlySpan<byte> bytes = _input.Window.Bytes;
        if (bytes.Length >= _format.RecordHeaderLength && bytes.Length - _format.RecordHeaderLength >= ReadRecord(bytes).Captured)
            return TryRead(out frame);
        frame = default;
        return false;
    }

    public void Dispose() => _input.Dispose();

    private bool AtEnd(out Frame frame)
    {
        frame = default;
        return _input.Window.Bytes.IsEmpty ? false : throw _input.Truncated("a record header");
    }

    /// <summary>Converts the fraction of a second to nanoseconds. A value of a second or more is invalid, and becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Fraction(uint ticks)
    {
        long nanoseconds = (long)ticks * _format.NanosecondsPerTick;
        return nanoseconds < Nanoseconds.PerSecond ? nanoseconds : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private PcapRecord ReadRecord(ReadOnlySpan<byte> bytes)
    {
        PcapRecord record = PcapRecord.Read(bytes, _format.Swapped);
        return _lengthOrder == LengthOrder.CapturedFirst ? record : record.Reorder(_lengthOrder);
    }

    /// <summary>The four words before every frame.</summary>
    internal readonly record struct PcapRecord(uint Seconds, uint Fraction, uint Captured, uint Original)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static PcapRecord Read(ReadOnlySpan<byte> bytes, bool swapped)
        {
            ReadOnlySpan<byte> b = bytes[..PcapFormat.StandardRecord];
            return swapped
                ? new PcapRecord(
                    BinaryPrimitives.ReadUInt32BigEndian(b[SecondsAt..]),
                    BinaryPrimitives.ReadUInt32BigEndian(b[FractionAt..]),
                    BinaryPrimitives.ReadUInt32BigEndian(b[CapturedAt..]),
                    BinaryPrimitives.ReadUInt32BigEndian(b[OriginalAt..]))
                : new PcapRecord(
                    BinaryPrimitives.ReadUInt32LittleEndian(b[SecondsAt..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(b[FractionAt..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(b[CapturedAt..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(b[OriginalAt..]));
        }

        public PcapRecord Reorder(LengthOrder order) =>
            order == LengthOrder.OriginalFirst || Captured > Original ? this with { Captured = Original, Original = Captured } : this;
    }
}
