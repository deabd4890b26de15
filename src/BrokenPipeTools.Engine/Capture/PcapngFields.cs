using System.Buffers.Binary;

namespace BrokenPipeTools.Capture;

/// <summary>Reads the numbers of a pcapng block in the byte order of its section.</summary>
internal readonly ref struct PcapngFields(ReadOnlySpan<byte> bytes, bool swapped)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool Swapped { get; } = swapped;

    public int Length => Bytes.Length;

    public ushort U16(int at) => Swapped
        ? BinaryPrimitives.ReadUInt16BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt16LittleEndian(Bytes[at..]);

    public uint U32(int at) => Swapped
        ? BinaryPrimitives.ReadUInt32BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(Bytes[at..]);

    public ulong U64(int at) => Swapped
        ? BinaryPrimitives.ReadUInt64BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt64LittleEndian(Bytes[at..]);

    /// <summary>
    /// Returns the value of an option (section 3.5 of the pcapng draft); empty if there is none. The search begins at an offset of the block.
    /// </summary>
    public PcapngFields Option(int at, ushort code)
    {
        while (at + 4 <= Length)
        {
            ushort found = U16(at);
            int length = U16(at + 2);
            if (found == 0 || at + 4 + length > Length)
                break;
            if (found == code)
                return new PcapngFields(Bytes.Slice(at + 4, length), Swapped);
            at += 4 + ((length + 3) & ~3);
        }

        return default;
    }
}
