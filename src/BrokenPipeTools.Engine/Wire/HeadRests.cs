using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Stores the heads of HTTP responses that continue in the next segment: some servers write each part of the head by itself. Bounded: a newer head
/// replaces an older one with the same index, and a head is at most as long as <see cref="HttpHead.Longest"/>.
/// </summary>
internal sealed class HeadRests
{
    private const int Slots = 1024;

    private Rest[]? _rests; // null until a head continues: few captures have one

    /// <summary>Notes that the head of a segment continues in the next one of its flow.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="begun">The bytes of the head so far.</param>
    public void Expect(in Segment s, ReadOnlySpan<byte> begun)
    {
        _rests ??= new Rest[Slots];
        _rests[SlotOf(s.EndSequence)] = new Rest(HelloRests.FlowOf(s), s.EndSequence, begun.ToArray());
    }

    /// <summary>Returns whether a segment is the rest of a head; <paramref name="begun"/> is the part before it.</summary>
    public bool TryTake(in Segment s, out byte[] begun)
    {
        begun = [];
        if (_rests is null)
            return false;
        ref Rest rest = ref _rests[SlotOf(s.Sequence)];
        if (rest.Begun is null || rest.Sequence != s.Sequence || rest.Flow != HelloRests.FlowOf(s))
            return false;
        begun = rest.Begun;
        rest = default;
        return true;
    }

    private static uint SlotOf(SequenceNumber sequence) => (sequence.Value * 0x9E37_79B9) >> 22;

    private readonly record struct Rest(ulong Flow, SequenceNumber Sequence, byte[]? Begun);
}
