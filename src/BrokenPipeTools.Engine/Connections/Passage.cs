using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Notes which payload segments of a side have arrived, by size, traffic class and odd length: enough to compare lost segments with those that
/// arrived, in constant space. It stores the first segment of the largest size, and the last change of the traffic class.
/// </summary>
internal struct Passage
{
    private const byte Dscp = 0xFC;

    private SequenceNumber _largestEnd;
    private SequenceNumber _firstOdd;
    private ushort _largest;
    private ushort _passed;
    private byte _class;
    private ClassState _classState;
    private byte _evenBefore; // 255 means that many or more
    private bool _hasOdd;

    private enum ClassState : byte
    {
        None,
        One,
        Changed,
        Mixed,
    }

    /// <summary>Adds a new payload segment.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="acknowledged">The highest number that the other side has acknowledged so far.</param>
    /// <param name="extras">The rarely used data of the side; created if the traffic class changes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NoteSent(in Segment s, SequenceNumber acknowledged, ref SideExtras? extras)
    {
        if (s.PayloadLength > _largest)
            NoteLarger(s, acknowledged);
        if ((s.TrafficClass & Dscp) != _class || _classState == ClassState.None)
            NoteClass(s, ref extras);
        if (!_hasOdd)
            NoteParity(s);
    }

    /// <summary>Returns the largest payload of a segment that is known to have arrived; 0 for none.</summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    public readonly int LargestPassed(SequenceNumber acknowledged) =>
        _largest > 0 && acknowledged.IsAtOrAfter(_largestEnd) ? _largest : _passed;

    /// <summary>The largest payload of a segment, arrived or not.</summary>
    public readonly int Largest => _largest;

    /// <summary>
    /// Returns the two traffic classes, if everything from the first unacknowledged number on has another class than everything before; null
    /// otherwise. The ECN bits of both are 0.
    /// </summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    /// <param name="extras">The rarely used data of the side.</param>
    public readonly (byte Passed, byte Lost)? ClassesAround(SequenceNumber acknowledged, SideExtras? extras) =>
        _classState == ClassState.Changed && extras!.ClassSince == acknowledged ? (extras.ClassBefore, _class) : null;

    /// <summary>
    /// Returns how many segments with an even number of payload bytes arrived before the first unacknowledged segment, if that is the first one with
    /// an odd number; 0 otherwise.
    /// </summary>
    /// <param name="acknowledged">The highest acknowledgment number of the other side.</param>
    public readonly int EvenBeforeOdd(SequenceNumber acknowledged) => _hasOdd && _firstOdd == acknowledged ? _evenBefore : 0;

    private void NoteParity(in Segment s)
    {
        if ((s.PayloadLength & 1) != 0)
            (_hasOdd, _firstOdd) = (true, s.Sequence);
        else if (_evenBefore < byte.MaxValue)
            _evenBefore++;
    }

    private void NoteLarger(in Segment s, SequenceNumber acknowledged)
    {
        if (_largest > 0 && acknowledged.IsAtOrAfter(_largestEnd))
            _passed = _largest;
        _largest = (ushort)Math.Min(s.PayloadLength, ushort.MaxValue);
        _largestEnd = s.Sequence.Add(s.PayloadLength);
    }

    private void NoteClass(in Segment s, ref SideExtras? extras)
    {
        if (_classState == ClassState.One)
            ((extras ??= new SideExtras()).ClassBefore, extras.ClassSince) = (_class, s.Sequence);
        _class = (byte)(s.TrafficClass & Dscp);
        _classState = _classState == ClassState.Mixed ? ClassState.Mixed : _classState + 1;
    }
}
