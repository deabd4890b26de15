using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>The path of one side's packets between the two places: which packets were sent, and which of them arrived.</summary>
/// <param name="side">The side that sends the packets.</param>
/// <param name="sent">The connection in the capture at that side's place; null if that capture does not have it.</param>
/// <param name="arrived">The connection in the capture at the other side's place.</param>
/// <param name="clock">The difference between the clocks of the two places.</param>
/// <param name="sentAt">The capture at the sender's place.</param>
/// <param name="arrivedAt">The capture at the other side's place.</param>
internal sealed class PacketPath(StepSide side, PlacedConnection? sent, PlacedConnection? arrived, PathClock clock, CapturedPlace sentAt, CapturedPlace arrivedAt)
{
    private readonly StepSide _other = side == StepSide.Client ? StepSide.Server : StepSide.Client;
    private readonly bool _isRenumbered = sent is not null && arrived is not null && MissingPayload.IsRenumbered(side, sent, arrived);

    public StepSide Side => side;

    /// <summary>
    /// The payload that was sent and is not in the capture at the other place. Null if nothing is missing, or if the captures do not show it.
    /// </summary>
    public MissingPayload? Missing { get; } = sent is not null && arrived is not null ? MissingPayload.Of(side, sent, arrived) : null;

    /// <summary>The proof that the missing payload did not arrive.</summary>
    public PathProof PayloadProof => IsAcknowledged(Missing!.Number.Add(1)) ? PathProof.MayMiss : ProofOfLoss(Missing.Number, Missing.First?.Time ?? sent!.Side(side).LastTime, isRst: false);

    /// <summary>Traces the packets that open or close the connection. Returns them with their fate.</summary>
    public List<TracedPacket> Trace()
    {
        List<PlacedPacket> left = [.. arrived?.PacketsOf(side) ?? []];
        List<TracedPacket> traced = [];
        foreach (PlacedPacket packet in sent?.PacketsOf(side) ?? [])
        {
            int at = left.FindIndex(other => IsSame(packet, other) && other.IpIdentification == packet.IpIdentification);
            if (at < 0)
                at = left.FindIndex(other => IsSame(packet, other));
            traced.Add(at < 0 ? Lost(packet) : Arrived(packet, left[at]));
            if (at >= 0)
                left.RemoveAt(at);
        }

        traced.AddRange(left.Select(Forged));
        return traced;
    }

    private TracedPacket Arrived(PlacedPacket packet, PlacedPacket other)
    {
        string changes = new PacketChanges(side, sent!, arrived!).Describe(packet, other);
        return new TracedPacket(side, packet, other, changes.Length > 0 ? PacketFate.Changed : PacketFate.Arrived, PathProof.Strong, changes);
    }

    private TracedPacket Lost(PlacedPacket packet)
    {
        PathProof proof = IsFollowed(packet) || arrived is { IsWhole: false } || arrivedAt.HasClosing(packet.Kind, packet.Sequence, packet.Time + clock.Ahead, clock.ToleranceAt(packet.Time))
            ? PathProof.MayMiss
            : ProofOfLoss(packet.Sequence, packet.Time, packet.Kind == ObservationKind.Rst);
        return new TracedPacket(side, packet, null, proof >= PathProof.Strong ? PacketFate.Lost : PacketFate.Unknown, proof, "");
    }

    private TracedPacket Forged(PlacedPacket packet)
    {
        PathProof proof = packet.Kind switch
        {
            ObservationKind.Rst => ProofOfForgedReset(packet),
            ObservationKind.Fin => ProofOfForgedFin(packet),
            _ => PathProof.MayMiss,
        };
        return new TracedPacket(side, null, packet, proof >= PathProof.Weak ? PacketFate.Forged : PacketFate.Unknown, proof, "");
    }

    private bool IsSame(PlacedPacket packet, PlacedPacket other) =>
        packet.Kind == other.Kind && (packet.Sequence == other.Sequence || packet.Kind is ObservationKind.Syn or ObservationKind.SynAck || (_isRenumbered && packet.Relative == other.Relative));

    /// <summary>
    /// Returns how strong the proof is that a packet did not arrive. The signs: the other capture continues and lacks no other packet; the sender
    /// retransmitted the packet; the receiver continued without it.
    /// </summary>
    private PathProof ProofOfLoss(SequenceNumber number, long time, bool isRst)
    {
        if (arrived is { MayMiss: true } || arrivedAt.MayMiss)
            return PathProof.MayMiss;
        bool isRepeated = !isRst && (sent!.Side(side).Unanswered > 0 || sent.HasRepeated(side, number));
        bool goesOn = arrived?.SentAfter(_other, time + clock.Ahead + clock.ToleranceAt(time)) ?? false;
        if (!arrivedAt.Covers(time + clock.Ahead, isRepeated ? clock.ToleranceAt(time) : -clock.ToleranceAt(time)) || !clock.IsKnown)
            return PathProof.NotCovered;
        return isRepeated || goesOn ? PathProof.Strong : PathProof.Alone;
    }

    /// <summary>
    /// Returns whether later packets arrived, or this packet was acknowledged. Then the packet arrived, and only the capture at the other place lacks
    /// it.
    /// </summary>
    private bool IsFollowed(PlacedPacket packet) => packet.Kind switch
    {
        ObservationKind.Syn or ObservationKind.SynAck => arrived is not null && arrived.Side(side).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin),
        ObservationKind.Fin => IsAcknowledged(packet.Sequence.Add(1)),
        _ => false,
    };

    /// <summary>Returns whether the other side acknowledged all bytes before a sequence number, in either capture.</summary>
    private bool IsAcknowledged(SequenceNumber number) => IsAcknowledgedAt(sent!, number) || (arrived is not null && !_isRenumbered && IsAcknowledgedAt(arrived, number));

    private bool IsAcknowledgedAt(PlacedConnection place, SequenceNumber number)
    {
        SequenceNumber acknowledged = place.Side(_other).Acknowledged;
        return acknowledged.IsAtOrAfter(number) && sent!.Side(side).Sent.Next.IsAtOrAfter(acknowledged);
    }

    /// <summary>
    /// Returns how strong the proof is that a RST was forged because only the receiver's capture has it. The signs: its sender used the connection
    /// after it, which no host does after its own RST; or the RST has another TTL than all other packets of that host.
    /// came with another TTL than all other packets of that host.
    /// </summary>
    private PathProof ProofOfForgedReset(PlacedPacket packet)
    {
        (long time, long tolerance) = (packet.Time - clock.Ahead, clock.ToleranceAt(packet.Time));
        if (!clock.IsKnown)
            return PathProof.NotCovered;
        if (sent is { IsUncertain: true } || arrived is { IsUncertain: true } || sent is { IsWhole: false } || sentAt.HasClosing(packet.Kind, packet.Sequence, time, tolerance))
            return PathProof.MayMiss;
        if (sent is not null && IsOwnNumber(packet) && sent.SentAfter(side, time + tolerance))
            return PathProof.Certain;
        if (sent is { MayMiss: true } || sentAt.MayMiss || HasMissedPayload)
            return PathProof.MayMiss;
        bool isForeign = packet.TimeToLive != 0 && UsualTimeToLive() is { } usual && packet.TimeToLive != usual;
        if (!sentAt.Covers(time, sent is not null && sent.Side(_other).RstAt.Exists ? tolerance : -tolerance))
            return isForeign && sent is not null ? PathProof.Weak : PathProof.NotCovered;
        return isForeign ? PathProof.Strong : PathProof.Alone;
    }

    /// <summary>
    /// Returns whether the RST has a sequence number that its sender used. A RST with another number may have answered a packet of an older
    /// connection, and its sender then continues (RFC 9293, section 3.10.7.3).
    /// </summary>
    private bool IsOwnNumber(PlacedPacket packet)
    {
        ref readonly Side own = ref sent!.Side(side);
        SequenceNumber number = _isRenumbered ? own.BaseSequence.Add(packet.Relative) : packet.Sequence;
        return own.Sent.IsKnown && number.IsAtOrAfter(own.Sent.First) && own.Sent.Next.IsAtOrAfter(number);
    }

    /// <summary>
    /// Returns the TTL of the side's other packets at the place where the RST arrived. If the side sent nothing else there, returns the TTL of its
    /// other connections.
    /// </summary>
    private byte? UsualTimeToLive() => arrived!.Side(side).TimeToLive != 0
        ? arrived.TimeToLive(side)
        : arrivedAt.TimeToLiveOf(side == StepSide.Client ? arrived.Record.ClientAddress : arrived.Record.ServerAddress);

    /// <summary>Returns how strong the proof is that a FIN was forged. It is certain if the sender used the FIN's sequence number for payload.</summary>
    private PathProof ProofOfForgedFin(PlacedPacket packet)
    {
        if (sent is null || sent.IsUncertain || _isRenumbered || !sent.Side(side).Sent.IsKnown)
            return PathProof.MayMiss;
        bool hasFin = sent.Side(side).Has(SideMarks.Fin);
        SequenceNumber next = sent.Side(side).Sent.Next.Add(hasFin ? -1 : 0);
        return next.IsAfter(packet.Sequence) && packet.Sequence.IsAtOrAfter(sent.Side(side).Sent.First) ? PathProof.Strong
            : sent.MayMiss || sentAt.MayMiss ? PathProof.MayMiss
            : PathProof.Alone;
    }

    /// <summary>Whether more payload arrived than the sender's own capture has.</summary>
    private bool HasMissedPayload => sent is not null && arrived is not null && arrived.Side(side).PayloadBytes > sent.Side(side).PayloadBytes;
}
