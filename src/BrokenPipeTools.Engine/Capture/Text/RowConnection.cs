using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>A connection that rows of upper layers may belong to, because earlier or later rows show it.</summary>
internal sealed class RowConnection
{
    private readonly TraceSide[] _sides = [new(), new()];
    private readonly List<(int Row, SequenceNumber Number)>[] _shown = [[], []];
    private readonly TraceFlow? _flow;

    public RowConnection(TraceFlowKey key, TraceFlow? flow)
    {
        (Key, _flow) = (key, flow);
        for (int end = 0; end < 2 && flow is not null; end++)
            Copy(flow.Side(end), _sides[end]);
    }

    public TraceFlowKey Key { get; }

    /// <summary>Whether any row shows the ports of the connection.</summary>
    public bool HasPorts => Key is not { End0.Port: 0, End1.Port: 0 };

    /// <summary>Whether the first row that shows the connection is its SYN.</summary>
    public bool IsNew { get; init; }

    /// <summary>The index of the first row that shows the connection; -1 if that row came before the window.</summary>
    public int FirstRow { get; init; } = -1;

    /// <summary>Stores the numbers of a later row, and the lengths of frames that it shows.</summary>
    public void Learn(TracePacket row, int index, int end)
    {
        if (row.Sequence is { } sequence && !row.Has(TraceFlags.Rst))
            _shown[end].Add((index, sequence));
        if (row.Acknowledgment is { } acknowledgment)
            _shown[1 - end].Add((index, acknowledgment));
        if (row.Has(TraceFlags.Syn) && _sides[end].Overhead > 0)
            return;
        RowOverhead.Learn(row, _sides[end], _sides[1 - end], Key.IsIPv6);
        _sides[end].Timestamps = row.Timestamps ?? _sides[end].Timestamps;
    }

    /// <summary>
    /// Returns the payload bytes of a row; -1 if they are not known: the length of its frame is not printed, or is that of the last fragment.
    /// </summary>
    public int LengthOf(TracePacket row, int end)
    {
        int length = row.FrameLength - RowOverhead.Of(_sides[end], _sides[1 - end], Key.IsIPv6);
        return row.FrameLength == 0 || length < 0 || (length == 0 && !_sides[end].HasOverhead) ? -1 : length;
    }

    /// <summary>Returns whether a row may have been sent by an end of the connection.</summary>
    public bool MaySend(TracePacket row, in TraceAddress source, int end)
    {
        TraceEndpoint own = Key.End(end);
        return own.Address == source && (row.Source.Port == 0 || (row.Source.Port == own.Port && row.Destination.Port == Key.End(1 - end).Port));
    }

    /// <summary>Returns the first printed number of an end after a row; null if there is none that is above the known number.</summary>
    public (int Row, SequenceNumber Number)? NextShown(int end, int row, SequenceNumber known)
    {
        foreach ((int index, SequenceNumber number) in _shown[end])
        {
            if (index > row && number.IsAfter(known))
                return (index, number);
        }

        return null;
    }

    private static void Copy(TraceSide from, TraceSide to) =>
        (to.Overhead, to.HasOverhead, to.HasExactOverhead, to.Timestamps) = (from.Overhead, from.HasOverhead, from.HasExactOverhead, from.Timestamps);

    /// <summary>Copies the values of the rows so far into a plan.</summary>
    public void Begin(RowPlan plan, int connection)
    {
        if (!HasPorts)
            plan.Side(2 * connection).IsPortless = plan.Side((2 * connection) + 1).IsPortless = true;
        if (_flow is null)
        {
            plan.Side(2 * connection).IsAwaited = plan.Side((2 * connection) + 1).IsAwaited = IsNew;
            return;
        }

        for (int end = 0; end < 2; end++)
        {
            TraceSide side = _flow.Side(end);
            plan.Side((2 * connection) + end) = new RowSide
            {
                IsKnown = side.Sent.IsKnown,
                Next = new SequenceNumber(side.Sent.Next.Value - side.Offset),
                HasSyn = side.HasSyn,
                HasMoved = side.HasMoved,
                HasFin = side.HasFin,
                IsInMessage = side.IsInMessage,
                IsReset = side.IsReset,
                IsPortless = !HasPorts,
            };
        }

        plan.Remember(connection, _flow.Protocol);
    }
}
