using System.Buffers.Binary;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The first block of a SACK option (RFC 2018, section 3): kind 5 (1), length (1), then left and right edge (4 each) of data that arrived
/// out of order. The first block is the newest.
/// </summary>
internal static class SackBlock
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte SackKind = 5;
    private const int OneBlock = 10;

    /// <summary>Reads the block. Returns false if there is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> options, out SequenceRange block)
    {
        block = default;
        if (options.Length < OneBlock)
            return false;
        while (!options.IsEmpty && options[0] != EndOfList)
        {
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                return false;
            if (options[0] == SackKind && options[1] >= OneBlock)
            {
                block = new SequenceRange(
                    new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(options[2..])),
                    new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(options[6..])));
                return true;
            }

            options = options[options[1]..];
        }

        return false;
    }
}
