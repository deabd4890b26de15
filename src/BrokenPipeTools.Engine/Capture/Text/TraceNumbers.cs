using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The sequence numbers that one side of a connection sends, as one text prints them. tcpdump prints the numbers of the first segment
/// as they are, and later ones relative to that; of segments without ACK always as they are (print-tcp.c).
/// </summary>
internal struct TraceNumbers
{
    /// <summary>Numbers further apart than this cannot be of one stretch of a connection.</summary>
    private const uint Near = 1 << 26;

    private SequenceNumber _base;
    private uint _resetOffset;
    private bool _hasResetOffset;

    /// <summary>A number of this side was printed, in its own segments or as an acknowledgment.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The initial number is known: a SYN was printed.</summary>
    public bool HasInitial { get; private set; }

    /// <summary>The number after the last one that was sent or acknowledged.</summary>
    public SequenceNumber Next { get; private set; }

    /// <summary>The number that a SYN has.</summary>
    public readonly SequenceNumber Initial => _base;

    /// <summary>Takes the number of a SYN.</summary>
    public void Begin(SequenceNumber initial)
    {
        this = default;
        (_base, Next, IsKnown, HasInitial) = (initial, initial, true, true);
    }

    /// <summary>Takes a number that nothing is to be added to: the first one that is printed is relative to one that is not.</summary>
    public void BeginAsPrinted(SequenceNumber number)
    {
        this = default;
        (Next, IsKnown) = (number, true);
    }

    /// <summary>Moves on to the number after a segment or an acknowledged one.</summary>
    public void Advance(SequenceNumber end)
    {
        if (end.IsAfter(Next))
            Next = end;
    }

    /// <summary>Returns a printed number as all numbers of this side are counted here.</summary>
    /// <param name="printed">The number.</param>
    /// <param name="isAcknowledgment">It acknowledges this side's bytes.</param>
    /// <param name="hasAck">The segment has the ACK flag.</param>
    /// <param name="numbering">How this connection's numbers are printed, as far as that is known; decided here if they show it.</param>
    public SequenceNumber Resolve(SequenceNumber printed, bool isAcknowledgment, bool hasAck, ref TraceNumbering numbering)
    {
        if (!IsKnown)
        {
            _base = isAcknowledgment ? printed.Add(-1) : printed;
            (Next, IsKnown) = (printed, true);
            return printed;
        }

        SequenceNumber relative = _base.Add(printed.Value);
        uint fromPrinted = Distance(printed, Next);
        uint fromRelative = Distance(relative, Next);
        if (_base == default || printed == relative)
            return fromPrinted <= Near || hasAck ? printed : OfReset(printed);
        if (numbering == TraceNumbering.Unknown && hasAck)
            numbering = Decide(fromPrinted, fromRelative);
        bool isRelative = numbering switch
        {
            TraceNumbering.Relative => hasAck,
            TraceNumbering.AsPrinted => false,
            _ => fromRelative < fromPrinted,
        };

        // People shorten numbers by hand: of two readings of which only one is possible, that one.
        if (isRelative ? fromRelative > Near && fromPrinted <= Near : fromPrinted > Near && fromRelative <= Near)
            isRelative = !isRelative;
        if ((isRelative ? fromRelative : fromPrinted) > Near && !hasAck && !HasInitial)
            return OfReset(printed);
        return isRelative ? relative : printed;
    }

    private TraceNumbering Decide(uint fromPrinted, uint fromRelative)
    {
        if (fromPrinted == fromRelative)
            return TraceNumbering.Unknown;
        if (fromPrinted == 0 || fromRelative == 0 || HasInitial)
            return fromRelative < fromPrinted ? TraceNumbering.Relative : TraceNumbering.AsPrinted;
        return fromPrinted > Near ? TraceNumbering.Relative : fromRelative > Near ? TraceNumbering.AsPrinted : TraceNumbering.Unknown;
    }

    /// <summary>
    /// A RST without ACK has its number as it is, if all others are relative to one that the text does not show. It answers a segment, and
    /// has that one's acknowledgment (RFC 9293, section 3.10.7.1): the next number of this side.
    /// </summary>
    private SequenceNumber OfReset(SequenceNumber printed)
    {
        if (!_hasResetOffset)
            (_resetOffset, _hasResetOffset) = (Next.CountFrom(printed), true);
        return printed.Add(_resetOffset);
    }

    private static uint Distance(SequenceNumber one, SequenceNumber other)
    {
        int difference = one.DistanceFrom(other);
        return difference == int.MinValue ? int.MaxValue : (uint)Math.Abs(difference);
    }
}
