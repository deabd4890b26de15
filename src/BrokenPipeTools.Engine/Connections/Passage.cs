using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Which of the payload segments that a side sent have arrived, by size, by traffic class and by odd length: enough to compare what was
/// lost with what passed, in constant space. Of sizes it follows the first segment of the largest size; of traffic classes the last change.
/// </summary>
internal struct Passage
{
    private const byte Dscp = 0xFC;

    private uint _largestEnd;
    private uint _classSince;
    private ushort _largest;
    private ushort _passed;
    private byte _class;
    private byte _classBefore;
    private ClassState _classState;
    private uint _firstOdd;
    private byte _evenBefore; // 255 stands for that many or more
    private bool _hasOdd;

    private enum ClassState : byte
    {
        None,
        One,
        Changed,
        Mixed,
    }

    /// <summary>First and last number of the newest stretch that arrived out of order (RFC 2018); equal if there is none.</summary>
    public uint SackStart { get; private set; }

    public uint SackEnd { get; private set; }

    public readonly bool HasSack => SackStart != SackEnd;

    /// <summary>A new payload segment; <paramref name="acknowledged"/> is what the other side has acknowledged so far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteSent(in Segment s, uint acknowledged)
    {
        if (s.PayloadLength > _largest)
            NoteLarger(s, acknowledged);
        if ((s.TrafficClass & Dscp) != _class || _classState == ClassState.None)
            NoteClass(s);
        if (!_hasOdd)
            NoteParity(s);
    }

    /// <summary>The sequence numbers that the other side reported as received out of order (SACK).</summary>
    public void NoteSack(in Segment s)
    {
        SackStart = s.SackStart;
        SackEnd = s.SackEnd;
    }

    /// <summary>The largest payload of a segment that is known to have arrived; 0 for none.</summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    public readonly int LargestPassed(uint acknowledged) =>
        _largest > 0 && SequenceNumber.IsAtOrAfter(acknowledged, _largestEnd) ? _largest : _passed;

    /// <summary>The largest payload of a segment, arrived or not.</summary>
    public readonly int Largest => _largest;

    /// <summary>
    /// The two traffic classes if everything from the first unacknowledged number on has another one than everything before; null
    /// otherwise. In both the ECN bits are 0.
    /// </summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    public readonly (byte Passed, byte Lost)? ClassesAround(uint acknowledged) =>
        _classState == ClassState.Changed && _classSince == acknowledged ? (_classBefore, _class) : null;

    /// <summary>
    /// How many segments with an even number of payload bytes arrived before the first unacknowledged segment, which is the first one with
    /// an odd number; 0 if it is not.
    /// </summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    public readonly int EvenBeforeOdd(uint acknowledged) => _hasOdd && _firstOdd == acknowledged ? _evenBefore : 0;

    private void NoteParity(in Segment s)
    {
        if ((s.PayloadLength & 1) != 0)
            (_hasOdd, _firstOdd) = (true, s.Sequence);
        else if (_evenBefore < byte.MaxValue)
            _evenBefore++;
    }

    private void NoteLarger(in Segment s, uint acknowledged)
    {
        if (_largest > 0 && SequenceNumber.IsAtOrAfter(acknowledged, _largestEnd))
            _passed = _largest;
        _largest = (ushort)Math.Min(s.PayloadLength, ushort.MaxValue);
        _largestEnd = s.Sequence + (uint)s.PayloadLength;
    }

    private void NoteClass(in Segment s)
    {
        (_classBefore, _class, _classSince) = (_class, (byte)(s.TrafficClass & Dscp), s.Sequence);
        _classState = _classState == ClassState.Mixed ? ClassState.Mixed : _classState + 1;
    }
}
