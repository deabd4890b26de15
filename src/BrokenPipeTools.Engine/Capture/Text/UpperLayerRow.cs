namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The place of a row that shows an upper layer (<c>HTTP 72 GET / HTTP/1.0</c>): it has neither ports nor numbers. The length of its frame
/// gives the length of its payload, and the next rows with numbers show whether that is right, and whether it had a FIN.
/// </summary>
internal sealed class UpperLayerRow
{
    public required TraceFlow Flow { get; init; }

    /// <summary>Bytes of options that a segment usually has at most.</summary>
    private const int MostOptions = 12;

    /// <summary>The end that sent it.</summary>
    public required int Sender { get; init; }

    /// <summary>Its payload bytes.</summary>
    public required int Length { get; init; }

    public bool HasFin { get; init; }

    /// <summary>2 if the rows behind it agree, 1 if none speaks of it, 0 if they contradict.</summary>
    public int Score { get; init; }

    /// <summary>Finds the connection and the end whose numbers fit best; the newest one of several. Null if there is none.</summary>
    public static UpperLayerRow? Place(TracePacket row, TraceAddress source, TraceAddress destination, IReadOnlyList<TraceFlow> flows, TraceWindow window)
    {
        UpperLayerRow? best = null;
        for (int i = flows.Count - 1; i >= 0; i--)
        {
            for (int end = 0; end < 2; end++)
            {
                if (!IsSender(row, source, flows[i], end) || !flows[i].Side(end).Sent.IsKnown)
                    continue;
                UpperLayerRow placed = Compare(row, source.IsIPv6, flows[i], end, window);
                if (best is null || placed.Score > best.Score)
                    best = placed;
            }
        }

        return best;
    }

    private static bool IsSender(TracePacket row, TraceAddress source, TraceFlow flow, int end)
    {
        (TraceAddress address, int port, int other) = end == 0 ? (flow.Key.Address0, flow.Key.Port0, flow.Key.Port1) : (flow.Key.Address1, flow.Key.Port1, flow.Key.Port0);
        return address == source && (row.SourcePort == 0 || (row.SourcePort == port && row.DestinationPort == other));
    }

    private static UpperLayerRow Compare(TracePacket row, bool isIPv6, TraceFlow flow, int end, TraceWindow window)
    {
        TraceSide own = flow.Side(end);
        TraceSide peer = flow.Side(1 - end);
        int overhead = RowOverhead.Of(own, peer, isIPv6);
        int length = LengthOf(row, overhead);
        long sum = length;
        int rows = 1;
        UpperLayerRow unspoken = new() { Flow = flow, Sender = end, Length = length, Score = 1 };
        for (int i = 0; window.Peek(i) is { } later; i++)
        {
            if (later.Kind == TraceKind.UpperLayer && later.Source == row.Source && later.Destination == row.Destination)
            {
                sum += LengthOf(later, overhead);
                rows++;
            }

            if (later.Kind != TraceKind.Tcp || NumberIn(later, row, flow, end, out bool isOwn) is not { } number)
                continue;
            if (later.Has(TraceFlags.Syn))
                return unspoken; // another connection begins
            int shown = unchecked((int)(number + own.Offset - own.Sent.Next));
            if (shown > 0)
                return Judge(unspoken, shown, sum, rows);
            if (isOwn)
                return unspoken.With(length, false, 0); // the row did not move this side's number
        }

        return unspoken;
    }

    private static int LengthOf(TracePacket row, int overhead) => Math.Max(row.FrameLength - overhead, 0);

    /// <summary>Compares the row with the number that the rows behind it show: by that so many bytes, and a FIN, were sent.</summary>
    private static UpperLayerRow Judge(UpperLayerRow row, int shown, long sum, int rows)
    {
        int length = row.Length;
        if (length > 0 && (shown == sum || shown == length || (rows > 1 && shown == sum + 1)))
            return row.With(length, false, 2);
        if (rows == 1 && shown == length + 1)
            return row.With(length, true, 2);
        if (rows == 1 && (shown < length || shown <= length + MostOptions))
            return row.With(shown, false, 1); // the frame was filled up, or its options are shorter
        return row.With(length, false, shown < sum ? 1 : 0);
    }

    private UpperLayerRow With(int length, bool hasFin, int score) => new() { Flow = Flow, Sender = Sender, Length = length, HasFin = hasFin, Score = score };

    /// <summary>The number of the sender that a packet shows: its own sequence number, or the other side's acknowledgment of it.</summary>
    private static uint? NumberIn(TracePacket later, TracePacket row, TraceFlow flow, int end, out bool isOwn)
    {
        (int port, int other) = end == 0 ? (flow.Key.Port0, flow.Key.Port1) : (flow.Key.Port1, flow.Key.Port0);
        isOwn = later.SourcePort == port && later.DestinationPort == other && later.Source == row.Source && later.Destination == row.Destination;
        if (later.Has(TraceFlags.Rst))
            return null;
        if (isOwn)
            return later.IsRetransmission ? null : later.Sequence;
        return later.SourcePort == other && later.DestinationPort == port && later.Source == row.Destination && later.Destination == row.Source ? later.Acknowledgment : null;
    }
}
