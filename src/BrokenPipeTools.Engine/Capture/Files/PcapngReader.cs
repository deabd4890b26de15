using System.Buffers.Binary;

namespace BrokenPipeTools.Capture.Files;

/// <summary>
/// Reads pcapng files (draft-ietf-opsawg-pcapng): sections in either byte order, several interfaces, enhanced, simple and obsolete packet blocks,
/// interface statistics. Other blocks are skipped.
/// <code>
///   0            4              8                    length-4       length
///   +------------+--------------+------- - - --------+--------------+
///   | block type | block length | body               | block length |
///   +------------+--------------+------- - - --------+--------------+
/// </code>
/// </summary>
internal sealed class PcapngReader : IBufferedSource
{
    /// <summary>The type of the block that opens a section: the same bytes in either byte order.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint InterfaceStatistics = 5;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int BlockHeaderLength = 8;
    private const int MinBlockLength = 12;

    /// <summary>The longest block that is held in one piece. A longer block of a needed type is damage; a longer one of another type is skipped.</summary>
    private const uint MaxBlockLength = Frame.MaxLength + 4096;

    /// <summary>
    /// The most interfaces of one section: as many as the 16-bit number of the obsolete packet block can name. Each one takes memory until the
    /// section ends.
    /// </summary>
    private const int MaxInterfaces = 65_536;

    private readonly CaptureInput _input;
    private readonly List<PcapngInterface> _interfaces = [];
    private bool _swapped;
    private long _frames;

    public PcapngReader(CaptureInput input)
    {
        _input = input;
        if (!input.Ensure(MinBlockLength))
            throw input.Truncated("the first section header block");
    }

    public string Name => _input.Name;

    public long Position => _input.Position;

    public long? Length => _input.Length;

    public long DroppedFrames { get; private set; }

    public bool TryRead(out Frame frame) => TryRead(mayWait: true, out frame);

    public bool TryReadNow(out Frame frame) => TryRead(mayWait: false, out frame);

    public void Dispose() => _input.Dispose();

    private bool TryRead(bool mayWait, out Frame frame)
    {
        frame = default;
        while (mayWait ? _input.Ensure(MinBlockLength) : IsNextBlockHere())
        {
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(_input.Window.Bytes);
            if (type == SectionHeader)
            {
                BeginSection();
                continue;
            }

            PcapngFields header = new(_input.Window.Bytes, _swapped);
            type = header.U32(0);
            uint length = header.U32(4);
            if (length < MinBlockLength)
                throw _input.Fault(CaptureFault.Malformed, $"invalid length: a block of {length} bytes");
            if (PcapngRecords.CountsAsFrame(type))
            {
                _frames += PcapngRecords.IsFrame(_input, type, _swapped) ? 1 : 0;
                StepOver(length);
                continue;
            }

            if (type is not (EnhancedPacket or SimplePacket or ObsoletePacket or InterfaceDescription or InterfaceStatistics))
            {
                StepOver(length);
                continue;
            }

            PcapngFields body = Hold(length);
            switch (type)
            {
                case EnhancedPacket:
                    frame = ReadEnhanced(body);
                    break;
                case SimplePacket:
                    frame = ReadSimple(body);
                    break;
                case ObsoletePacket:
                    frame = ReadObsolete(body);
                    break;
                default:
                    if (type == InterfaceDescription)
                        AddInterface(body);
                    else
                        NoteDrops(body);
                    _input.Window.Advance(Padded(length));
                    continue;
            }

            _input.Window.Advance(Padded(length));
            return true;
        }

        return !mayWait || _input.Window.Bytes.IsEmpty ? false : throw _input.Truncated("a block");
    }

    /// <summary>
    /// Returns whether the next block is complete in the window. The length of a section header is not read, because its byte order is not known yet.
    /// </summary>
    private bool IsNextBlockHere()
    {
        ReadOnlySpan<byte> bytes = _input.Window.Bytes;
        return bytes.Length >= MinBlockLength
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) != SectionHeader
            && bytes.Length >= ((new PcapngFields(bytes, _swapped).U32(4) + 3L) & ~3L);
    }

    /// <summary>Rounds a length up to a multiple of four, because some writers do not round it.</summary>
    private static int Padded(uint length) => ((int)length + 3) & ~3;

    private void BeginSection()
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(_input.Window.Bytes[BlockHeaderLength..]);
        _swapped = magic switch
        {
            ByteOrderMagic => false,
            0x4D3C2B1A => true,
            _ => throw _input.Fault(CaptureFault.Malformed, $"a section header block without a byte-order magic (0x{magic:X8})"),
        };
        uint length = new PcapngFields(_input.Window.Bytes, _swapped).U32(4);
        if (length < 28)
            throw _input.Fault(CaptureFault.Malformed, $"invalid length: a section header block of {length} bytes");
        ushort major = Hold(length).U16(4);
        if (major != 1)
            throw _input.Fault(CaptureFault.Malformed, $"pcapng version {major} is not supported");
        _interfaces.Clear();
        _input.Window.Advance(Padded(length));
    }

    private void AddInterface(PcapngFields body)
    {
        if (_interfaces.Count == MaxInterfaces)
            throw _input.Fault(CaptureFault.Malformed, $"more than {MaxInterfaces} interfaces in one section");
        _interfaces.Add(PcapngInterface.Read(body));
    }

    /// <summary>
    /// Adds the losses of interface statistics. They count from the beginning of the capture, so the newest count of an interface replaces the one
    /// before.
    /// </summary>
    private void NoteDrops(PcapngFields body)
    {
        if (body.Length < 4 || body.U32(0) >= _interfaces.Count)
            return;
        DroppedFrames += _interfaces[(int)body.U32(0)].ReplaceDrops(PcapngInterface.ReadDrops(body));
    }

    /// <summary>Reads a whole block into the window and returns its body.</summary>
    private PcapngFields Hold(uint length)
    {
        if (length > MaxBlockLength)
            throw _input.Fault(CaptureFault.Malformed, $"invalid length: a block of {length} bytes");
        int padded = Padded(length);
        if (!_input.Ensure(padded) && !_input.Ensure((int)length))
            throw _input.Truncated("a block");
        uint trailer = new PcapngFields(_input.Window.Bytes, _swapped).U32(Math.Min(padded, _input.Window.Bytes.Length) - 4);
        if (trailer != length)
            throw _input.Fault(CaptureFault.Malformed, $"a block of {length} bytes whose trailing length is {trailer}");
        return new PcapngFields(_input.Window.Bytes[BlockHeaderLength..((int)length - 4)], _swapped);
    }

    private void StepOver(uint length)
    {
        long at = _input.Window.Offset;
        if (!_input.Skip(((long)length + 3) & ~3L))
            throw new CaptureFormatException(Name, CaptureFault.Truncated, at, "the file ends in the middle of a block");
    }

    private Frame ReadEnhanced(PcapngFields body)
    {
        const int FixedLength = 20;
        Need(body, FixedLength, "an enhanced packet block");
        PcapngInterface source = Interface(body.U32(0));
        uint captured = body.U32(12);
        PcapngPacketOptions options = captured < body.Length - FixedLength ? PcapngPacketOptions.Read(body, FixedLength + Padded(captured)) : default;
        if (options.Drops > 0)
            DroppedFrames += source.AddPacketDrops(options.Drops);
        return MakeFrame(body, FixedLength, source, source.ToNanoseconds(body.U32(4), body.U32(8)), captured, body.U32(16), options);
    }

    private Frame ReadObsolete(PcapngFields body)
    {
        const int FixedLength = 20;
        Need(body, FixedLength, "a packet block");
        PcapngInterface source = Interface(body.U16(0));
        ushort drops = body.U16(2);
        DroppedFrames += drops == ushort.MaxValue ? 0 : drops; // 65535 means unknown
        return MakeFrame(body, FixedLength, source, source.ToNanoseconds(body.U32(4), body.U32(8)), body.U32(12), body.U32(16));
    }

    /// <summary>Reads a simple packet block. It has no time, no interface (so the first one is used) and no captured length.</summary>
    private Frame ReadSimple(PcapngFields body)
    {
        const int FixedLength = 4;
        Need(body, FixedLength, "a simple packet block");
        PcapngInterface source = Interface(0);
        uint original = body.U32(0);
        uint captured = Math.Min(original, (uint)(body.Length - FixedLength));
        if (source.SnapLength != 0)
            captured = Math.Min(captured, source.SnapLength);
        return MakeFrame(body, FixedLength, source, 0, captured, original);
    }

    private Frame MakeFrame(PcapngFields body, int at, PcapngInterface source, long time, uint captured, uint original, PcapngPacketOptions options = default)
    {
        if (captured > body.Length - at)
            throw _input.Fault(CaptureFault.Malformed, $"invalid length: a frame of {captured} bytes in a block of {body.Length + MinBlockLength}");
        return new Frame
        {
            Number = ++_frames,
            Time = time,
            LinkType = source.LinkType,
            Interface = source,
            OriginalLength = Frame.OriginalLengthOf(original, captured),
            Direction = options.Direction,
            Comment = options.CommentIn(body),
            Data = body.Bytes.Slice(at, (int)captured),
        };
    }

    private PcapngInterface Interface(uint id) => id < _interfaces.Count
        ? _interfaces[(int)id]
        : throw _input.Fault(CaptureFault.Malformed, $"a packet of interface {id}, but only {_interfaces.Count} interfaces are described");

    private void Need(PcapngFields body, int length, string what)
    {
        if (body.Length < length)
            throw _input.Fault(CaptureFault.Malformed, $"invalid length: {what} of {body.Length + MinBlockLength} bytes");
    }
}
