using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace BrokenPipeTools.Capture.Files;

/// <summary>Builds one block of a pcapng file, little-endian, in a buffer that is reused for the next block.</summary>
internal sealed class PcapngBlock
{
    private const int LongestOption = ushort.MaxValue;
    private const int BlockHeaderLength = 8;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private bool _hasOptions;

    public PcapngBlock Begin(uint type)
    {
        _buffer.ResetWrittenCount();
        _hasOptions = false;
        return U32(type).U32(0); // the length is set in End
    }

    public PcapngBlock U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
        return this;
    }

    public PcapngBlock U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    public PcapngBlock U64(ulong value) => U32((uint)value).U32((uint)(value >> 32));

    /// <summary>Appends a time in the format of packets and statistics: the high half first, whatever the byte order.</summary>
    public PcapngBlock Time(ulong ticks) => U32((uint)(ticks >> 32)).U32((uint)ticks);

    /// <summary>Appends bytes, padded to a multiple of four.</summary>
    public PcapngBlock Padded(ReadOnlySpan<byte> bytes)
    {
        _buffer.Write(bytes);
        _buffer.Write(stackalloc byte[-bytes.Length & 3]);
        return this;
    }

    public PcapngBlock Option(ushort code, ReadOnlySpan<byte> value)
    {
        _hasOptions = true;
        return U16(code).U16((ushort)value.Length).Padded(value);
    }

    /// <summary>Appends a text option; nothing for null or empty. A text that is too long for an option is cut between two characters.</summary>
    public PcapngBlock Option(ushort code, string? text, byte? kind = null)
    {
        if (string.IsNullOrEmpty(text))
            return this;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int room = LongestOption - (kind is null ? 0 : 1);
        int length = bytes.Length;
        if (length > room)
        {
            length = room;
            while ((bytes[length] & 0xC0) == 0x80)
                length--; // in the middle of a character
        }

        return kind is null ? Option(code, bytes.AsSpan(0, length)) : Option(code, [kind.Value, .. bytes.AsSpan(0, length)]);
    }

    public PcapngBlock Option(ushort code, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return Option(code, bytes);
    }

    /// <summary>Ends the option list and the block. The result is valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlySpan<byte> End()
    {
        if (_hasOptions)
            U32(0); // opt_endofopt
        uint length = (uint)_buffer.WrittenCount + 4;
        U32(length);
        Span<byte> block = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span;
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..BlockHeaderLength], length);
        return block;
    }
}
