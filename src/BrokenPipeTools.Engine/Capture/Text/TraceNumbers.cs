namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The sequence numbers that one side of a connection sends, as one text prints them. tcpdump prints the numbers of the first segment
/// as they are, and later ones relative to that; of segments without ACK always as they are (print-tcp.c).
/// </summary>
internal struct TraceNumbers
{
    /// <summary>Numbers further apart than this cannot be of one stretch of a connection.</summary>
    private const uint Near = 1 << 26;

    private uint _base;
    private uint _resetBase;
    private bool _hasResetBase;

    /// <summary>A number of this side was printed, in its own segments or as an acknowledgment.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The initial number is known: a SYN was printed.</summary>
    public bool HasInitial { get; private set; }

    /// <summary>The number after the last one that was sent or acknowledged.</summary>
    public uint Next { get; private set; }

    /// <summary>The number that a SYN has.</summary>
    public readonly uint Initial => _base;

    /// <summary>Takes the number of a SYN.</summary>
    public void Begin(uint initial)
    {
        this = default;
        (_base, Next, IsKnown, HasInitial) = (initial, initial, true, true);
    }

    /// <summary>Takes a number that nothing is to be added to: the first one that is printed is relative to one that is not.</summary>
    public void BeginAsPrinted(uint number)
    {
        this = default;
        (Next, IsKnown) = (number, true);
    }

    /// <summary>Moves on to the number after a segment or an acknowledged one.</summary>
    public void Advance(uint end)
    {
        if (unchecked((int)(end - Next)) > 0)
            Next = end;
    }

    /// <summary>Returns a printed number as all numbers of this side are counted here.</summary>
    /// <param name="printed">The number.</param>
    /// <param name="isAcknowledgment">It acknowledges this side's bytes.</param>
    /// <param name="hasAck">The segment has the ACK flag.</param>
    /// <param name="numbering">How this connection's numbers are printed, as far as that is known; decided here if they show it.</param>
    public uint Resolve(uint printed, bool isAcknowledgment, bool hasAck, ref TraceNumbering numbering)
    {
        if (!IsKnown)
        {
            _base = isAcknowledgment ? printed - 1 : printed;
            (Next, IsKnown) = (printed, true);
            return printed;
        }

        uint relative = unchecked(printed + _base);
        uint fromPrinted = Distance(printed, Next);
        uint fromRelative = Distance(relative, Next);
        if (_base == 0 || printed == relative)
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
    private uint OfReset(uint printed)
    {
        if (!_hasResetBase)
            (_resetBase, _hasResetBase) = (unchecked(printed - Next), true);
        return unchecked(printed - _resetBase);
    }

    private static uint Distance(uint one, uint other)
    {
        int difference = unchecked((int)(one - other));
        return difference == int.MinValue ? int.MaxValue : (uint)Math.Abs(difference);
    }
}
