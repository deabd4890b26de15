using System.Buffers.Binary;

namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>A field of an event, from the kernel's format file.</summary>
/// <param name="Offset">The offset in bytes from the start of the event's data.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="IsSigned">Whether the number is signed.</param>
internal readonly record struct EventField(int Offset, int Size, bool IsSigned)
{
    /// <summary>The offset of the first byte after the field.</summary>
    public int End => Offset + Size;

    /// <summary>Reads a number of 1, 2, 4 or 8 bytes. Returns 0 if the event is too short.</summary>
    public long Number(ReadOnlySpan<byte> data)
    {
        if (End > data.Length)
            return 0;
        ReadOnlySpan<byte> value = data.Slice(Offset, Size);
        return (Size, IsSigned) switch
        {
            (1, false) => value[0],
            (1, true) => (sbyte)value[0],
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(value),
            (2, true) => BinaryPrimitives.ReadInt16LittleEndian(value),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(value),
            (4, true) => BinaryPrimitives.ReadInt32LittleEndian(value),
            (8, _) => BinaryPrimitives.ReadInt64LittleEndian(value),
            _ => 0,
        };
    }

    /// <summary>Returns the bytes of the field; none if the event is too short.</summary>
    public ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> data) => End > data.Length ? [] : data.Slice(Offset, Size);
}
