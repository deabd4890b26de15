using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// Compares the packets of a text with others of the same connection, so that all numbers of a side count from the same start. It supplies the
/// numbers that are not printed: the sequence number of a pure ACK, and all numbers of an upper-layer row.
/// </summary>
internal sealed class TraceResolver(TraceWindow window)
{
    private readonly TraceFlows _flows = new();
    private readonly TraceHosts _hosts = new();
    private RowPlanner? _rows;
    private long _packets;

    public HostNames Names => _hosts.Names;

    /// <summary>Returns the segment or the ICMP error of a packet; null if the packet contains neither, or cannot be placed.</summary>
    public TraceSegment? Resolve(TracePacket packet)
    {
        _packets++;
        return packet.Kind switch
        {
            TraceKind.Tcp => ResolveTcp(packet),
            TraceKind.UpperLayer => ResolveUpperLayer(packet),
            TraceKind.IcmpError => ResolveError(packet),
            _ => null,
        };
    }

    private TraceSegment? ResolveTcp(TracePacket packet)
    {
        if (!TryFind(packet, out TraceFlow? flow, out int sender, out TraceSegment segment))
            return null;
        if (packet.Has(TraceFlags.Syn))
            BeginSyn(packet, flow, sender);
        if (packet.IsRow)
            NumberRow(packet, flow, sender, segment);
        else
            Number(packet, flow, sender, segment);
        segment.Flags = packet.Flags;
        segment.Length = packet.Length;
        segment.Timestamps = packet.Timestamps;
        Complete(packet, flow, sender, segment);
        return segment;
    }

    private bool TryFind(TracePacket packet, out TraceFlow flow, out int sender, out TraceSegment segment)
    {
        segment = new TraceSegment { Packet = packet };
        flow = null!;
        sender = 0;
        if (!_hosts.TryRead(packet, out TraceEndpoint source, out TraceEndpoint destination))
            return false;
        (segment.Source, segment.Destination) = (source, destination);
        flow = _flows.Get(TraceFlowKey.Of(source, destination, out sender));
        return true;
    }

    /// <summary>Begins another connection between the same ports, unless the SYN is a repetition.</summary>
    private static void BeginSyn(TracePacket packet, TraceFlow flow, int sender)
    {
        TraceSide own = flow.Side(sender);
        bool isAnswer = packet.Has(TraceFlags.Ack);
        bool hasMoved = own.HasMoved || flow.Side(1 - sender).HasMoved;
        SequenceNumber initial = packet.Sequence ?? default;
        bool isNew = packet.IsRow
            ? packet.IsPortReused || (hasMoved && !packet.IsRetransmission) || (own.HasSyn && initial.Add(own.Offset) != own.Sent.Initial)
            : own.HasSyn ? own.Sent.Initial != initial : own.Sent.IsKnown;
        if (isNew && !isAnswer)
            flow.Restart();
        if (isAnswer)
            flow.Replaced = null;
        if (isAnswer && packet.IsPortReused)
            own.Offset += TraceFlow.InstanceStep; // the number must differ from that of the earlier SYN-ACK
        own = flow.Side(sender);
        if (!own.HasSyn || isNew)
        {
            own.HasSyn = true;
            own.Sent.Begin(packet.IsRow ? initial.Add(own.Offset) : initial);
            own.Scale = packet.WindowScale;
        }

        flow.IsRelative |= packet.IsRow && initial == default;
    }

    /// <summary>Converts the numbers of a row. In a packet list either all numbers are relative or none is.</summary>
    private static void NumberRow(TracePacket packet, TraceFlow flow, int sender, TraceSegment segment)
    {
        TraceSide own = flow.Side(sender);
        TraceSide peer = flow.Side(1 - sender);
        segment.Sequence = (packet.Sequence ?? default).Add(own.Offset);
        if (!own.Sent.IsKnown)
        {
            own.Sent.BeginAsPrinted(segment.Sequence);
            flow.IsRelative |= packet.Sequence is { Value: <= 1 };
        }

        if (packet.Acknowledgment is { } acknowledgment)
        {
            segment.Acknowledgment = acknowledgment.Add(peer.Offset);
            if (!peer.Sent.IsKnown)
                peer.Sent.BeginAsPrinted(segment.Acknowledgment);
        }

        if (packet.Sack is { } sack)
            segment.Sack = new SequenceRange(sack.Start.Add(peer.Offset), sack.End.Add(peer.Offset));
    }

    private void Number(TracePacket packet, TraceFlow flow, int sender, TraceSegment segment)
    {
        bool hasAck = packet.Has(TraceFlags.Ack);
        TraceSide own = flow.Side(sender);
        TraceSide peer = flow.Side(1 - sender);
        if (flow.Replaced is { } replaced && hasAck && !packet.Has(TraceFlags.Syn))
        {
            (own, peer) = sender == 0 ? replaced : (replaced.Side1, replaced.Side0);
            segment.IsOfReplaced = true;
        }

        TraceNumbering numbering = flow.Numbering;
        if (packet.Has(TraceFlags.Syn))
            segment.Sequence = packet.Sequence ?? own.Sent.Initial;
        else if (packet.Sequence is { } sequence)
            segment.Sequence = own.Sent.Resolve(sequence, isAcknowledgment: false, hasAck, ref numbering);
        if (packet.Acknowledgment is { } acknowledgment)
            segment.Acknowledgment = peer.Sent.Resolve(acknowledgment, isAcknowledgment: true, hasAck && !packet.Has(TraceFlags.Syn), ref numbering);
        if (packet.Sequence is null && !packet.Has(TraceFlags.Syn))
            segment.Sequence = segment.IsOfReplaced && own.Sent.IsKnown ? own.Sent.Next : NextOf(packet, flow, sender, segment);
        if (packet.Sack is { } sack)
        {
            TraceNumbers acknowledged = peer.Sent;
            segment.Sack = new SequenceRange(acknowledged.Resolve(sack.Start, false, true, ref numbering), acknowledged.Resolve(sack.End, false, true, ref numbering));
        }

        flow.Numbering = numbering;
    }

    /// <summary>
    /// Returns the sequence number of a pure ACK, which tcpdump does not print. It is the sender's next number. If no earlier packet shows that
    /// number, a later one does.
    /// </summary>
    private SequenceNumber NextOf(TracePacket packet, TraceFlow flow, int sender, TraceSegment segment)
    {
        TraceSide own = flow.Side(sender);
        if (own.Sent.IsKnown)
            return own.Sent.Next;
        segment.Lacks |= FrameLacks.Numbers;
        SequenceNumber? found = null;
        for (int i = 0; found is null && window.Peek(i) is { } later; i++)
        {
            if (later.Kind != TraceKind.Tcp || later.Has(TraceFlags.Syn) || !later.Has(TraceFlags.Ack))
                continue;
            if (IsSame(later, packet))
                found = later.Sequence;
            else if (IsAnswer(later, packet))
                found = later.Acknowledgment;
        }

        own.Sent.BeginAsPrinted(found ?? new SequenceNumber(1));
        return own.Sent.Next;
    }

    /// <summary>Stores the packet's data in its connection, and marks the missing fields.</summary>
    private void Complete(TracePacket packet, TraceFlow flow, int sender, TraceSegment segment)
    {
        TraceSide own = flow.Side(sender);
        TraceSide peer = flow.Side(1 - sender);
        if (!packet.Has(TraceFlags.Rst) && !segment.IsOfReplaced)
        {
            int control = (packet.Has(TraceFlags.Syn) ? 1 : 0) + (packet.Has(TraceFlags.Fin) ? 1 : 0);
            own.Sent.Advance(segment.Sequence.Add(segment.Length + control));
            own.LastSequence = segment.Sequence;
        }

        if (packet.Has(TraceFlags.Ack) && !packet.Has(TraceFlags.Rst) && !segment.IsOfReplaced)
        {
            own.Acknowledged = segment.Acknowledgment;
            peer.Sent.Advance(segment.Acknowledgment);
        }

        own.HasMoved |= segment.Length > 0 || packet.Has(TraceFlags.Fin | TraceFlags.Rst);
        if (segment.Length > 0)
            own.IsInMessage = packet.IsPart;
        own.HasFin |= packet.Has(TraceFlags.Fin);
        own.IsReset |= packet.Has(TraceFlags.Rst);
        (flow.LastSender, flow.Newest) = (sender, _packets);
        own.Timestamps = packet.Timestamps ?? own.Timestamps;
        segment.Window = WindowOf(packet, own, peer, segment);
        own.Window = segment.Window;
        if (packet.LacksOptions)
        {
            segment.Lacks |= FrameLacks.Options;
            segment.Timestamps ??= own.Timestamps;
        }

        if (flow.IsRelative)
            segment.Lacks |= FrameLacks.AbsoluteNumbers;
        RowOverhead.Learn(packet, own, peer, segment.Source.Address.IsIPv6);
    }

    /// <summary>Returns the window as it is in the header. A row shows it scaled, except in a SYN.</summary>
    private static int WindowOf(TracePacket packet, TraceSide own, TraceSide peer, TraceSegment segment)
    {
        int window = packet.Window ?? 0;
        if (!packet.IsRow || packet.Has(TraceFlags.Syn) || window == 0)
            return Math.Min(window, ushort.MaxValue);
        bool isScaled = own.HasSyn && own.Scale != TracePacket.NoScale && (!peer.HasSyn || peer.Scale != TracePacket.NoScale);
        int field = isScaled ? window >> Math.Min((int)own.Scale, 14) : window;
        if (!own.HasSyn || field > ushort.MaxValue)
            segment.Lacks |= FrameLacks.Window; // the scale is not printed
        return Math.Clamp(field, 1, ushort.MaxValue);
    }

    private TraceSegment? ResolveUpperLayer(TracePacket packet)
    {
        if (TcpdumpLine.IsLinkAddress(packet.Source.Host) || !_hosts.TryRead(packet, out TraceEndpoint source, out TraceEndpoint destination))
            return null; // the row belongs to a packet inside a message, as in OpenFlow
        if ((_rows ??= new RowPlanner(_flows, _hosts, window)).Place(packet, source.Address, destination.Address) is not { } row)
            return null;
        TraceFlow flow = _flows.Get(row.Key);
        flow.Protocol = packet.Protocol.Length > 0 ? packet.Protocol : flow.Protocol;
        (TraceEndpoint sender, TraceEndpoint receiver) = (flow.Key.End(row.Sender), flow.Key.End(1 - row.Sender));
        packet.SetPorts(sender.Port, receiver.Port);
        TraceSide own = flow.Side(row.Sender);
        TraceSegment segment = new() { Packet = packet, Source = source with { Port = sender.Port }, Destination = destination with { Port = receiver.Port } };
        segment.Sequence = row.Sequence.Add(own.Offset);
        if (!own.Sent.IsKnown)
        {
            own.Sent.BeginAsPrinted(segment.Sequence);
            flow.IsRelative |= row.Sequence.Value <= 1;
        }

        TraceSide peer = flow.Side(1 - row.Sender);
        segment.Acknowledgment = row.Acknowledgment is { } acknowledgment ? acknowledgment.Add(peer.Offset) : own.Acknowledged ?? peer.Sent.Next;
        if (own.Acknowledged is { } before && !segment.Acknowledgment.IsAtOrAfter(before))
            segment.Acknowledgment = before;
        packet.Flags = (byte)(TraceFlags.Ack | TraceFlags.Psh | (row.HasFin ? TraceFlags.Fin : 0));
        segment.Flags = packet.Flags;
        segment.Length = row.Length;
        segment.Head = own.IsInMessage ? [] : TlsRow.WithLength(packet.Record, row.Length);
        packet.LacksOptions = true;
        int window0 = own.Window;
        Complete(packet, flow, row.Sender, segment);
        segment.Window = own.Window = window0 > 0 ? window0 : 1; // the window is not printed, and it is not known to be closed
        segment.Lacks |= FrameLacks.Numbers | FrameLacks.Window;
        return segment;
    }

    private TraceSegment? ResolveError(TracePacket packet)
    {
        if (!_hosts.TryRead(packet, out TraceEndpoint source, out TraceEndpoint destination))
            return null;
        TraceSegment? quoted = packet.Quoted is { } printed ? QuotedOf(printed) : GuessQuoted(packet, destination.Address);
        return quoted is null ? null : new TraceSegment { Packet = packet, Source = source, Destination = destination, Quoted = quoted, Lacks = quoted.Lacks };
    }

    /// <summary>Returns the segment that an error quotes. Its numbers are compared with those of its connection; the connection is not changed.</summary>
    private TraceSegment? QuotedOf(TracePacket printed)
    {
        if (!TryFind(printed, out TraceFlow? flow, out int sender, out TraceSegment segment))
            return null;
        TraceNumbers numbers = flow.Side(sender).Sent;
        TraceNumbering numbering = flow.Numbering;
        segment.Sequence = printed.Sequence is { } sequence ? numbers.Resolve(sequence, false, printed.Has(TraceFlags.Ack), ref numbering) : numbers.Next;
        segment.Flags = printed.Flags;
        return segment;
    }

    /// <summary>
    /// Finds the connection that an error is about, if only one is possible: the receiver of the error sent the newest packet to the host in the
    /// error. If there are several such connections, it is the one whose packet came right before the error.
    /// </summary>
    private TraceSegment? GuessQuoted(TracePacket packet, TraceAddress host)
    {
        TraceAddress? target = packet.QuotedTarget.Host.Length > 0 && _hosts.TryRead(packet.QuotedTarget.Host, host.IsIPv6, out TraceAddress named) ? named : null;
        IEnumerable<TraceFlow> flows = target is { } other ? _flows.Between(host, other) : _flows.Of(host);
        TraceSegment? found = null;
        long newest = -1;
        foreach (TraceFlow flow in flows.OrderByDescending(flow => flow.Newest))
        {
            int sender = flow.Key.End0.Address == host ? 0 : 1;
            bool isWanted = flow.LastSender == sender && flow.Side(sender).Sent.IsKnown && (packet.QuotedTarget.Port == 0 || packet.QuotedTarget.Port == flow.Key.End(1 - sender).Port);
            if (!isWanted)
                continue;
            if (found is not null)
                return newest == _packets - 1 ? found : null; // otherwise several connections are possible
            newest = flow.Newest;
            found = new TraceSegment
            {
                Packet = new TracePacket { Kind = TraceKind.Tcp },
                Source = flow.Key.End(sender),
                Destination = flow.Key.End(1 - sender),
                Sequence = flow.Side(sender).LastSequence,
                Lacks = FrameLacks.Numbers | (flow.IsRelative ? FrameLacks.AbsoluteNumbers : 0),
            };
        }

        return found;
    }

    private static bool IsSame(TracePacket one, TracePacket other) =>
        one.Source == other.Source && one.Destination == other.Destination;

    private static bool IsAnswer(TracePacket one, TracePacket other) =>
        one.Source == other.Destination && one.Destination == other.Source;
}
