using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>One way to place the rows of upper layers between two hosts. Its cost grows with each contradiction to the rows that have numbers.</summary>
internal sealed class RowPlan
{
    /// <summary>The cost of a contradiction: rows show more or fewer bytes than were placed.</summary>
    private const float Contradiction = 4;

    /// <summary>The cost of a connection that no row with numbers shows.</summary>
    private const float Portless = 4.5f;

    private const float Impossible = 7;

    /// <summary>The cost of a contradiction that is small enough to be explained by TCP options.</summary>
    private const float OtherOptions = 2;

    /// <summary>The cost of a FIN that no row shows.</summary>
    private const float InferredFin = 0.5f;

    private const float OtherStart = 1;
    private const float OtherProtocol = 0.3f;
    private const float OtherConnection = 0.05f;
    private const float OfTcpUnusually = 1;

    /// <summary>The most bytes of options by which the segments of one side may differ.</summary>
    private const int MostOptions = 40;

    private readonly RowSide[] _sides;
    private readonly string?[] _protocols;
    private RowWord? _words;
    private int _active = -1;

    public RowPlan(int connections)
    {
        _sides = new RowSide[2 * connections];
        _protocols = new string?[connections];
    }

    private RowPlan(RowPlan other)
    {
        _sides = [.. other._sides];
        _protocols = [.. other._protocols];
        (_active, _words, Cost, Newest) = (other._active, other._words, other.Cost, other.Newest);
    }

    public float Cost { get; private set; }

    /// <summary>The newest placement. It may correct an earlier one: of two placements of one row, the newer one is valid.</summary>
    public RowPlacement? Newest { get; private set; }

    public ref RowSide Side(int side) => ref _sides[side];

    public void Remember(int connection, string? protocol) => _protocols[connection] = protocol;

    /// <summary>Returns the cost of placing a row on a side.</summary>
    public float CostOn(int side, TracePacket row)
    {
        ref readonly RowSide own = ref _sides[side];
        ref readonly RowSide peer = ref _sides[side ^ 1];
        float cost = Cost;
        if (own.IsAwaited)
            cost += Impossible;
        if (own.IsPortless)
            cost += own.HasMoved || peer.HasMoved ? OtherConnection : Portless;
        if (own.HasFin || own.IsReset || peer.IsReset)
            cost += Contradiction;
        if (own.HasSyn && !(peer.IsKnown || peer.HasMoved))
            cost += OtherOptions; // the previous request has no answer yet
        if (row.Protocol.Length > 0 && _protocols[side / 2] != row.Protocol)
            cost += (_protocols[side / 2] is null ? 0 : OtherProtocol) + (row.MayBeOfUdp ? OfTcpUnusually : 0);
        if (_active >= 0 && _active / 2 != side / 2)
            cost += OtherConnection;
        return RowWord.IsOnlyOf(_words, row.Word, side ^ 1) ? cost + OtherProtocol : cost;
    }

    /// <summary>Returns a plan that leaves a row out, because the row is not TCP or belongs to an unknown connection.</summary>
    public RowPlan Without(float cost) => new(this) { Cost = Cost + cost };

    /// <summary>Returns a plan that places a row on a side.</summary>
    public RowPlan With(int index, int side, int length, TracePacket row, float cost)
    {
        RowPlan plan = new(this) { Cost = cost, _active = side };
        if (row.Protocol.Length > 0)
            plan._protocols[side / 2] = row.Protocol;
        plan._words = RowWord.Add(_words, row.Word, side);
        plan.Put(index, side, length, row);
        return plan;
    }

    private void Put(int index, int side, int length, TracePacket row)
    {
        ref RowSide own = ref _sides[side];
        ref readonly RowSide peer = ref _sides[side ^ 1];
        if (row.IsRetransmission)
        {
            SequenceNumber repeated = own.Newest.Length == length ? own.Newest.Sequence : own.Next.Add(-Math.Max(length, 0));
            Newest = new RowPlacement(Newest, index, side, repeated, !own.IsKnown, length, false, peer.Next, !peer.IsKnown);
            return;
        }

        own.Newest = (own.Next, length);
        bool mayEnd = row.Protocol == "HTTP" || own.IsInMessage;
        if (length == 0 && !mayEnd)
            length = -1;
        bool isEnd = length == 0; // a row without payload completes a message only if it is a FIN
        Newest = own.Last = new RowPlacement(Newest, index, side, own.Next, !own.IsKnown, length, isEnd, peer.Next, !peer.IsKnown);
        own.IsLastPadded = RowOverhead.MayBePadded(row);
        own.IsLastAfterGap = row.IsAfterGap;
        own.MayLastEnd = mayEnd;
        own.IsInMessage = row.IsPart;
        own.HasMoved = true;
        own.HasFin |= isEnd;
        own.Next = own.Next.Add(isEnd ? 1 : Math.Max(length, 0));
    }

    /// <summary>Compares the plan with a row that has numbers, and adds the cost of contradictions.</summary>
    public void Compare(TracePacket row, int side)
    {
        ref RowSide own = ref _sides[side];
        ref RowSide peer = ref _sides[side ^ 1];
        SequenceNumber sequence = row.Sequence ?? own.Next;
        if (row.Has(TraceFlags.Rst))
        {
            own.IsReset = own.HasMoved = true;
            return;
        }

        if (row.Has(TraceFlags.Syn))
            Begin(row, ref own, ref peer);
        else
            ShowSequence(row, ref own, sequence);
        int control = (row.Has(TraceFlags.Syn) ? 1 : 0) + (row.Has(TraceFlags.Fin) ? 1 : 0);
        SequenceNumber end = sequence.Add(Math.Max(row.Length, 0) + control);
        if (end.IsAfter(own.Next))
            own.Next = end;
        own.HasFin |= row.Has(TraceFlags.Fin);
        own.HasMoved |= row.Length > 0 || row.Has(TraceFlags.Fin);
        if (row.Acknowledgment is { } acknowledgment)
            ShowAcknowledgment(row, ref peer, acknowledgment);
        if (row.Length > 0)
            (_active, own.IsInMessage, own.Newest) = (side, row.IsPart, (sequence, row.Length));
    }

    private static void Begin(TracePacket row, ref RowSide own, ref RowSide peer)
    {
        bool isNew = !row.Has(TraceFlags.Ack) && (row.IsPortReused || ((own.HasMoved || peer.HasMoved) && !row.IsRetransmission));
        if (isNew)
            own = peer = default;
        own.IsAwaited = peer.IsAwaited = false;
        if (own.HasSyn)
            return;
        own.HasSyn = own.IsKnown = true;
        own.Next = row.Sequence ?? default;
    }

    private void ShowSequence(TracePacket row, ref RowSide own, SequenceNumber sequence)
    {
        if (!own.IsKnown)
        {
            Anchor(ref own, sequence);
            return;
        }

        int difference = sequence.DistanceFrom(own.Next);
        if (row.IsRetransmission && row.Has(TraceFlags.Fin) && own.Last is { HasFin: false } repeated && repeated.Sequence == sequence && repeated.Length == row.Length && !own.HasFin)
            Correct(ref own, repeated with { HasFin = true }, InferredFin); // the same segment, now printed with its numbers
        if (difference > 0)
            ShowMore(row, ref own, difference);
        else if (difference < 0 && !row.IsRetransmission && !(difference == -1 && row.Length <= 1) && !IsRepeated(row, own, difference))
            ShowLess(ref own, difference, sequence);
        if (difference >= 0)
            own.Last = null;
    }

    /// <summary>Returns whether a segment was sent before all rows that were placed since then. Such a segment is late, and not a contradiction.</summary>
    private static bool IsRepeated(TracePacket row, in RowSide own, int difference) =>
        row.IsOutOfOrder || (own.Last is null && row.Length + difference <= 0);

    private void ShowAcknowledgment(TracePacket row, ref RowSide peer, SequenceNumber acknowledgment)
    {
        if (!peer.IsKnown)
        {
            Anchor(ref peer, acknowledgment);
            return;
        }

        int difference = acknowledgment.DistanceFrom(peer.Next);
        if (difference > 0)
            ShowMore(row, ref peer, difference);
        else if (difference < 0 && peer.Last is { } last && acknowledgment.IsAfter(last.Sequence))
            ShowLess(ref peer, difference, acknowledgment);
        if (difference >= 0)
            peer.Last = null;
    }

    /// <summary>Sets the first printed number of a side. The rows of the side before this one end at that number.</summary>
    private void Anchor(ref RowSide side, SequenceNumber number)
    {
        side.Start = number.DistanceFrom(side.Next);
        if (side.Start != 1)
            Cost += OtherStart; // Wireshark counts from 1 if it has not captured the SYN
        if (side.Last is not null && side.Start <= 0 && number.IsAfter(default))
            Cost += Contradiction; // more was placed than the side had sent
        (side.Next, side.IsKnown, side.Last) = (number, true, null);
    }

    private void ShowMore(TracePacket row, ref RowSide side, int difference)
    {
        if (side.Last is { } late && side.IsLastAfterGap)
            Correct(ref side, late with { Sequence = late.Sequence.Add(difference) }, InferredFin);
        else if (row.IsAfterGap)
            Cost += InferredFin;
        else if (side.Last is not { } last)
            Cost += Contradiction;
        else if (last.Length < 0)
            Correct(ref side, last with { Length = difference }, 0);
        else if (difference == 1 && !side.HasFin)
        {
            Correct(ref side, last with { HasFin = true }, InferredFin);
            side.HasFin = true;
        }
        else if (difference <= MostOptions)
            Correct(ref side, last with { Length = last.Length + difference }, OtherOptions);
        else
            Cost += Contradiction;
        side.Next = side.Next.Add(difference);
    }

    private void ShowLess(ref RowSide side, int difference, SequenceNumber number)
    {
        int length = (side.Last?.Length ?? 0) + difference;
        if (side.Last is { } padded && side.IsLastPadded && side.MayLastEnd && length == 1 && !side.HasFin)
        {
            Correct(ref side, padded with { Length = 0, HasFin = true }, InferredFin);
            side.HasFin = true;
        }
        else if (side.Last is { } last && length >= 0 && (side.IsLastPadded || -difference <= MostOptions))
            Correct(ref side, last with { Length = length }, side.IsLastPadded ? 0 : OtherOptions);
        else
            Cost += Contradiction;
        (side.Next, side.Last) = (number, null);
    }

    private void Correct(ref RowSide side, RowPlacement placement, float cost)
    {
        Newest = side.Last = placement with { Before = Newest };
        Cost += cost;
    }
}
