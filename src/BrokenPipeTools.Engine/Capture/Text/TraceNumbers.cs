using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The sequence numbers of one side of a connection in a text. tcpdump prints the numbers of the first segment unchanged, and later numbers relative
/// to them. The numbers of segments without ACK are always unchanged (print-tcp.c).
/// </summary>
internal struct TraceNumbers
{
    /// <summary>Two numbers that are further apart than this do not belong to the same part of a connection.</summary>
    private const uint Near = 1 << 26;

    private SequenceNumber _base;
    private uint _resetOffset;
    private bool _hasResetOffset;

    /// <summary>Whether any number of this side was printed, in its own segments or in an acknowledgment.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether the initial number is known, because a SYN was printed.</summary>
    public bool HasInitial { get; private set; }

    /// <summary>The number after the last byte that was sent or acknowledged.</summary>
    public SequenceNumber Next { get; private set; }

    /// <summary>The sequence number of the SYN.</summary>
    public readonly SequenceNumber Initial => _base;

    /// <summary>Sets the sequence number of the SYN.</summary>
    public void Begin(SequenceNumber initial)
    {
        this = default;
        (_base, Next, IsKnown, HasInitial) = (initial, initial, true, true);
    }

    /// <summary>Sets the first printed number, if it is relative to a number that is not printed. Then nothing has to be added.</summary>
    public void BeginAsPrinted(SequenceNumber number)
    {
        this = default;
        (Next, IsKnown) = (number, true);
    }

    /// <summary>Advances to the number after a segment, or to a number that was acknowledged.</summary>
    public void Advance(SequenceNumber end)
    {
        if (end.IsAfter(Next))
            Next = end;
    }

    /// <summary>Converts a printed number to the numbering of this side.</summary>
    /// <param name="printed">The number.</param>
    /// <param name="isAcknowledgment">True if the number acknowledges bytes of this side.</param>
    /// <param name="hasAck">True if the segment has the ACK flag.</param>
    /// <param name="numbering">The numbering of this connection. It is set here if the numbers show it.</param>
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

        // Some people shorten the numbers by hand. If only one of the two readings is possible, it is used.
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
    /// Returns whether the number of a RST without ACK is unchanged although all other numbers are relative to one that is not printed. Such a RST
    /// answers a segment and has its acknowledgment number (RFC 9293, section 3.10.7.1), which is the next number of this side.
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
