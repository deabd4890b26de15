using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Stores which ClientHellos continue in the next segment, such as those with a post-quantum key share (1,216 bytes; draft-ietf-tls-ecdhe-mlkem),
/// because the server's name is often in the second one. Bounded: a newer one replaces an older one with the same index.
/// </summary>
internal sealed class HelloRests
{
    private const int Slots = 64;

    /// <summary>The longest extension that is skipped: no ClientHello is longer than a record (RFC 8446, section 5.1).</summary>
    private const int Longest = 1 << 14;

    private readonly Rest[] _rests = new Rest[Slots];

    /// <summary>Notes that the ClientHello of a segment continues in the next one of its flow, and the number of bytes up to the next extension.</summary>
    public void Expect(in Segment s, int beyond)
    {
        if (beyond is >= 0 and <= Longest)
            SlotOf(s.EndSequence) = new Rest(FlowOf(s), s.EndSequence, beyond);
    }

    /// <summary>Returns whether a segment is the rest of a ClientHello; <paramref name="beyond"/> is the offset of its first extension.</summary>
    public bool TryTake(in Segment s, out int beyond)
    {
        ref Rest rest = ref SlotOf(s.Sequence);
        beyond = rest.Beyond;
        if (rest.Flow == 0 || rest.Sequence != s.Sequence || rest.Flow != FlowOf(s))
            return false;
        rest = default;
        return true;
    }

    private ref Rest SlotOf(SequenceNumber sequence) => ref _rests[(sequence.Value * 0x9E37_79B9) >> 26];

    /// <summary>
    /// Returns a number for the direction of a flow, which is not 0. Very rarely another flow with the same sequence number has the same number.
    /// </summary>
    public static ulong FlowOf(in Segment s) => 1 | (((ulong)s.SourcePort << 48 | (ulong)s.DestinationPort << 32) ^ s.Source.Low ^ (s.Destination.Low << 1) ^ s.Source.High ^ s.Destination.High);

    private readonly record struct Rest(ulong Flow, SequenceNumber Sequence, int Beyond);
}
