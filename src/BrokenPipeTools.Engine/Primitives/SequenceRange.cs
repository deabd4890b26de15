namespace BrokenPipeTools.Primitives;

/// <summary>Consecutive sequence numbers: those of a gap, or of payload that arrived out of order (RFC 2018, section 3).</summary>
/// <param name="Start">The first number.</param>
/// <param name="End">The number after the last one.</param>
internal readonly record struct SequenceRange(SequenceNumber Start, SequenceNumber End)
{
    public bool IsEmpty => Start == End;

    /// <summary>The count of the numbers, from 0 to 2^32 - 1.</summary>
    public uint Count => End.CountFrom(Start);
}
