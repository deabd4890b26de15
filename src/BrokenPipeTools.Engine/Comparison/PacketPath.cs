using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>The path of one side's packets between two places: which were sent, and which arrived.</summary>
/// <param name="side">The side that sends them.</param>
/// <param name="sent">The connection at its own place; null if that capture does not have it.</param>
/// <param name="arrived">The connection at the other side's place.</param>
/// <param name="clock">How the clock at the other side's place differs.</param>
/// <param name="sentAt">The capture at its own place.</param>
/// <param name="arrivedAt">The other one.</param>
internal sealed class PacketPath(StepSide side, PlacedConnection? sent, PlacedConnection? arrived, PathClock clock, CapturedPlace sentAt, CapturedPlace arrivedAt)
{
    private readonly StepSide _other = side == StepSide.Client ? StepSide.Server : StepSide.Client;
    private readonly bool _isRenumbered = sent is not null && arrived is not null && MissingPayload.IsRenumbered(side, sent, arrived);

    public StepSide Side => side;

    /// <summary>Payload that the other place does not have; null for none, or if it cannot be known.</summary>
    public MissingPayload? Missing { get; } = sent is not null && arrived is not null ? MissingPayload.Of(side, sent, arrived) : null;

    /// <summary>The proof that the missing payload did not arrive.</summary>
    public PathProof PayloadProof => IsAcknowledged(Missing!.Number.Add(1)) ? PathProof.MayMiss : ProofOfLoss(Missing.Number, Missing.First?.Time ?? sent!.Side(side).LastTime, isRst: false);

    /// <summary>Traces the packets that open or close the connection.</summary>
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
    /// The signs that a packet that was sent did not arrive: the other capture continues and lacks no other packet, and the sender
    /// retransmitted it, or the receiver continued without it.
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

    /// <summary>Later packets arrived, or the packet was acknowledged: the capture at the other place lacks it.</summary>
    private bool IsFollowed(PlacedPacket packet) => packet.Kind switch
    {
        ObservationKind.Syn or ObservationKind.SynAck => arrived is not null && arrived.Side(side).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin),
        ObservationKind.Fin => IsAcknowledged(packet.Sequence.Add(1)),
        _ => false,
    };

    /// <summary>Whether the other side acknowledged all bytes before a sequence number, at either place.</summary>
    private bool IsAcknowledged(SequenceNumber number) => IsAcknowledgedAt(sent!, number) || (arrived is not null && !_isRenumbered && IsAcknowledgedAt(arrived, number));

    private bool IsAcknowledgedAt(PlacedConnection place, SequenceNumber number)
    {
        SequenceNumber acknowledged = place.Side(_other).Acknowledged;
        return acknowledged.IsAtOrAfter(number) && sent!.Side(side).Sent.Next.IsAtOrAfter(acknowledged);
    }

    /// <summary>
    /// The signs that a RST that is only in the receiver's capture was not sent: its sender used the connection after it, which a host cannot after its own RST; or it
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
        if (!sentAt.Covers(time, sent is not null && sent.Side(_other).RstAt != 0 ? tolerance : -tolerance))
            return isForeign && sent is not null ? PathProof.Weak : PathProof.NotCovered;
        return isForeign ? PathProof.Strong : PathProof.Alone;
    }

    /// <summary>
    /// The RST has a number that its sender used. With another one it may have answered a packet of an older connection, and a host continues
    /// after that (RFC 9293, section 3.10.7.3).
    /// </summary>
    private bool IsOwnNumber(PlacedPacket packet)
    {
        ref readonly Side own = ref sent!.Side(side);
        SequenceNumber number = _isRenumbered ? own.BaseSequence.Add(packet.Relative) : packet.Sequence;
        return own.Sent.IsKnown && number.IsAtOrAfter(own.Sent.First) && own.Sent.Next.IsAtOrAfter(number);
    }

    /// <summary>The TTL of the side's other packets where the RST arrived; if it sent nothing else there, that of its other connections.</summary>
    private byte? UsualTimeToLive() => arrived!.Side(side).TimeToLive != 0
        ? arrived.TimeToLive(side)
        : arrivedAt.TimeToLiveOf(side == StepSide.Client ? arrived.Record.ClientAddress : arrived.Record.ServerAddress);

    /// <summary>A FIN was not sent if its sender used its number for payload.</summary>
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

    /// <summary>More payload arrived than the sender's own capture has.</summary>
    private bool HasMissedPayload => sent is not null && arrived is not null && arrived.Side(side).PayloadBytes > sent.Side(side).PayloadBytes;
}
