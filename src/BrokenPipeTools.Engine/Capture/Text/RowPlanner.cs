using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Places rows of upper layers. The next rows between two hosts can be assigned to their connections in many ways. The planner chooses the way with
/// the fewest contradictions to the rows that have numbers (a beam search). It then places the rows in the first half of the window; the rows in the
/// second half wait until more rows have been read.
/// </summary>
internal sealed class RowPlanner(TraceFlows flows, TraceHosts hosts, TraceWindow window)
{
    /// <summary>The most plans that are followed at the same time.</summary>
    private const int MaxPlans = 64;

    /// <summary>The most connections between two hosts that are compared.</summary>
    private const int MaxConnections = 16;

    /// <summary>The most connections without a row in the window that are compared.</summary>
    private const int MaxQuiet = 3;

    /// <summary>The most connections without a row so far that one row is compared with.</summary>
    private const int MaxAwaited = 2;

    private const float NotOfTcp = 5;
    private const float MaybeNotOfTcp = 0.6f;

    /// <summary>A plan is dropped if its cost exceeds that of the best plan by this much.</summary>
    private const float Hopeless = 8;

    private const float SomeDoubt = 0.15f;

    /// <summary>
    /// The cost for each row before the first row of a connection. The later that first row comes, the less likely it is that earlier rows belong to
    /// the connection.
    /// </summary>
    private const float DoubtPerRow = 0.02f;
    private const int MostRows = 30;

    private readonly List<TracePacket> _rows = [];
    private readonly List<RowConnection> _connections = [];
    private readonly Dictionary<TraceFlowKey, int> _numbers = [];

    /// <summary>Returns the place of a row; null if it has no place.</summary>
    public UpperLayerRow? Place(TracePacket row, in TraceAddress source, in TraceAddress destination)
    {
        if (!row.IsPlanned)
            Plan(row, source, destination);
        return row.Placed;
    }

    private void Plan(TracePacket row, in TraceAddress source, in TraceAddress destination)
    {
        bool isWhole = Collect(row) & Compare(source, destination);
        int planned = isWhole ? _rows.Count : Math.Max(_rows.Count / 2, 1);
        for (int i = 0; i < planned; i++)
            _rows[i].IsPlanned = true;
        if (_connections.Count > 0)
            Commit(Best(), planned);
    }

    /// <summary>Collects the rows between the two hosts. Returns whether the text ends before the window does.</summary>
    private bool Collect(TracePacket row)
    {
        _rows.Clear();
        _rows.Add(row);
        for (int i = 0; i < TraceWindow.Size; i++)
        {
            if (window.Peek(i) is not { } later)
                return true;
            bool isBetween = (later.Source.Host == row.Source.Host && later.Destination.Host == row.Destination.Host) || (later.Source.Host == row.Destination.Host && later.Destination.Host == row.Source.Host);
            if (isBetween && later.IsRow && later.Kind is TraceKind.Tcp or TraceKind.UpperLayer)
                _rows.Add(later);
        }

        return false;
    }

    /// <summary>Finds the connections that the rows may belong to. If there are too many for the last rows, leaves these rows out and returns false.</summary>
    private bool Compare(in TraceAddress source, in TraceAddress destination)
    {
        _connections.Clear();
        _numbers.Clear();
        int compared = _rows.Count;
        for (int i = 0; i < compared; i++)
        {
            TracePacket row = _rows[i];
            if (row.Kind != TraceKind.Tcp || !TryKey(row, out TraceFlowKey key, out _))
                continue;
            if (_connections.Count == MaxConnections && !_numbers.ContainsKey(key))
                compared = i;
            else
                Add(key, flows.Find(key), i);
        }

        bool isWhole = compared == _rows.Count;
        _rows.RemoveRange(compared, _rows.Count - compared);
        TraceFlowKey portless = TraceFlowKey.Portless(source, destination);
        if (_rows.Exists(row => row.Kind == TraceKind.UpperLayer && RowProtocols.IsOfTcp(row.Protocol)))
            Add(portless, flows.Find(portless), -1);
        int quiet = 0;
        IReadOnlyList<TraceFlow> known = flows.Between(source, destination);
        for (int i = known.Count - 1; i >= 0 && quiet < MaxQuiet; i--)
        {
            if (!known[i].IsClosed && Add(known[i].Key, known[i], -1))
                quiet++;
        }

        for (int i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Kind == TraceKind.Tcp && TryKey(_rows[i], out TraceFlowKey key, out int sender) && _numbers.TryGetValue(key, out int number))
                _connections[number].Learn(_rows[i], i, sender);
        }

        return isWhole;
    }

    private bool Add(in TraceFlowKey key, TraceFlow? flow, int firstRow)
    {
        if (!_numbers.TryAdd(key, _connections.Count))
            return false;
        bool isNew = firstRow >= 0 && _rows[firstRow].Has(TraceFlags.Syn) && !_rows[firstRow].Has(TraceFlags.Ack);
        _connections.Add(new RowConnection(key, flow) { IsNew = isNew, FirstRow = flow is null ? firstRow : -1 });
        return true;
    }

    private bool TryKey(TracePacket row, out TraceFlowKey key, out int sender)
    {
        (key, sender) = (default, 0);
        if (!hosts.TryRead(row, out TraceEndpoint source, out TraceEndpoint destination))
            return false;
        key = TraceFlowKey.Of(source, destination, out sender);
        return true;
    }

    private RowPlan Best()
    {
        RowPlan first = new(_connections.Count);
        for (int i = 0; i < _connections.Count; i++)
            _connections[i].Begin(first, i);
        List<RowPlan> plans = [first];
        List<(float Cost, RowPlan Plan, int Side)> ways = [];
        for (int i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Kind == TraceKind.UpperLayer)
                plans = Branch(plans, i, ways);
            else if (TryKey(_rows[i], out TraceFlowKey key, out int sender) && _numbers.TryGetValue(key, out int number))
                plans.ForEach(plan => plan.Compare(_rows[i], (2 * number) + sender));
        }

        return plans.MinBy(plan => plan.Cost)!;
    }

    /// <summary>Extends every plan by each possible place of a row. Returns the best plans.</summary>
    private List<RowPlan> Branch(List<RowPlan> plans, int index, List<(float Cost, RowPlan Plan, int Side)> ways)
    {
        TracePacket row = _rows[index];
        int last = LastAwaited(index);
        ways.Clear();
        if (!hosts.TryRead(row, out TraceEndpoint source, out _))
            return plans;
        foreach (RowPlan plan in plans)
        {
            ways.Add((plan.Cost + (row.MayBeOfUdp ? MaybeNotOfTcp : NotOfTcp), plan, -1));
            for (int side = 0; side < 2 * _connections.Count; side++)
            {
                RowConnection connection = _connections[side / 2];
                if (connection.FirstRow <= last && connection.MaySend(row, source.Address, side & 1) && (connection.HasPorts || RowProtocols.IsOfTcp(row.Protocol)))
                    ways.Add((plan.CostOn(side, row) + Doubt(plan, side, index), plan, side));
            }
        }

        ways.Sort((one, other) => one.Cost.CompareTo(other.Cost));
        List<RowPlan> next = new(MaxPlans);
        foreach ((float cost, RowPlan plan, int side) in ways.Take(MaxPlans).TakeWhile(way => way.Cost <= ways[0].Cost + Hopeless))
            next.Add(side < 0 ? plan.Without(cost - plan.Cost) : plan.With(index, side, _connections[side / 2].LengthOf(row, side & 1), row, cost));
        return next;
    }

    /// <summary>Returns how far to look for connections that have no row yet: the index of the first row of the last one that is compared.</summary>
    private int LastAwaited(int index)
    {
        int count = 0;
        foreach (RowConnection connection in _connections) // in the order in which rows show them
        {
            if (connection.FirstRow > index && !connection.IsNew && ++count == MaxAwaited)
                return connection.FirstRow;
        }

        return _rows.Count;
    }

    /// <summary>
    /// Returns a cost that is small compared with a contradiction. It decides between equal plans: a plan that reaches the next printed number is
    /// preferred.
    /// </summary>
    private float Doubt(RowPlan plan, int side, int index)
    {
        RowConnection connection = _connections[side / 2];
        ref RowSide own = ref plan.Side(side);
        int length = connection.LengthOf(_rows[index], side & 1);
        SequenceNumber next = own.IsKnown ? own.Next : own.Next.Add(1); // Wireshark counts from 1 if it has not captured the SYN
        if (length < 0 || connection.NextShown(side & 1, index, next) is not { } shown)
            return SomeDoubt;
        int left = shown.Number.DistanceFrom(next.Add(length));
        float doubt = left is 0 or 1 ? 0 : left > 0 && own.IsKnown ? SomeDoubt : 2 * SomeDoubt;
        return own.IsKnown ? doubt : doubt + (Math.Min(shown.Row - index, MostRows) * DoubtPerRow);
    }

    private void Commit(RowPlan plan, int planned)
    {
        for (RowPlacement? placement = plan.Newest; placement is not null; placement = placement.Before)
        {
            TracePacket row = _rows[placement.Event];
            if (placement.Event >= planned || row.Placed is not null)
                continue;
            ref RowSide side = ref plan.Side(placement.Side);
            row.Placed = new UpperLayerRow
            {
                Key = _connections[placement.Side / 2].Key,
                Sender = placement.Side & 1,
                Sequence = placement.IsFromStart ? placement.Sequence.Add(StartOf(side)) : placement.Sequence,
                Length = Math.Max(placement.Length, 0),
                HasFin = placement.HasFin,
                Acknowledgment = AcknowledgmentOf(placement, plan),
            };
        }
    }

    /// <summary>
    /// Returns the acknowledgment number of a row: the number of everything that its sender has received, but at most the number in the sender's next
    /// row with numbers.
    /// </summary>
    private SequenceNumber AcknowledgmentOf(RowPlacement placement, RowPlan plan)
    {
        SequenceNumber received = placement.Received.Add(placement.IsReceivedFromStart ? StartOf(plan.Side(placement.Side ^ 1)) : 0);
        TraceFlowKey own = _connections[placement.Side / 2].Key;
        for (int i = placement.Event + 1; i < _rows.Count; i++)
        {
            if (_rows[i] is { Kind: TraceKind.Tcp, Acknowledgment: { } next } later && !later.Has(TraceFlags.Rst) && TryKey(later, out TraceFlowKey key, out int sender) && key == own && sender == (placement.Side & 1))
                return received.IsAfter(next) ? next : received;
        }

        return received;
    }

    /// <summary>Returns the number at which a side begins. Wireshark counts from 1 if it has not captured the SYN.</summary>
    private static int StartOf(in RowSide side) => side.IsKnown ? side.Start : 1;
}
