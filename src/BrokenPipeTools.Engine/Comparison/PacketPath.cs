using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>
/// The way of one side's packets between two places: what of them was sent, and what arrived.
/// </summary>
/// <param name="side">The side that sends them.</param>
/// <param name="sent">The connection at its own place; null if that capture does not have it.</param>
/// <param name="arrived">The connection at the other side's place.</param>
/// <param name="ahead">Nanoseconds by which the clock at the other side's place is ahead.</param>
/// <param name="sentAt">The capture at its own place.</param>
/// <param name="arrivedAt">The other one.</param>
/// <param name="tolerance">Nanoseconds that a packet takes at most, and by which times may be wrong.</param>
internal sealed class PacketPath(StepSide side, PlacedConnection? sent, PlacedConnection? arrived, long ahead, CapturedPlace sentAt, CapturedPlace arrivedAt, long tolerance)
{
    public StepSide Side => side;

    /// <summary>The packets that open or close the connection, with what became of them.</summary>
    public List<TracedPacket> Trace()
    {
        List<PlacedPacket> left = arrived?.PacketsOf(side) ?? [];
        List<TracedPacket> traced = [];
        foreach (PlacedPacket packet in sent?.PacketsOf(side) ?? [])
        {
            int at = left.FindIndex(other => IsSame(packet, other) && other.IpIdentification == packet.IpIdentification);
            if (at < 0)
                at = left.FindIndex(other => IsSame(packet, other));
            if (at < 0)
            {
                traced.Add(new TracedPacket(side, packet, null, IsLost(packet) ? PacketFate.Lost : PacketFate.Unknown, ""));
                continue;
            }

            string changes = ChangesOf(packet, left[at]);
            traced.Add(new TracedPacket(side, packet, left[at], changes.Length > 0 ? PacketFate.Changed : PacketFate.Arrived, changes));
            left.RemoveAt(at);
        }

        traced.AddRange(left.Select(packet => new TracedPacket(side, null, packet, IsForged(packet) ? PacketFate.Forged : PacketFate.Unknown, "")));
        return traced;
    }

    /// <summary>Payload at the end of what the side sent that the other place does not have; null for none, or if it cannot be known.</summary>
    public MissingPayload? Missing { get; } = MissingOf(side, sent, arrived);

    /// <summary>The missing payload did not arrive, by the time of its first segment; else the other capture may have ended before.</summary>
    public bool IsPayloadLost => Missing is not null && !arrived!.MayMiss && !arrivedAt.MayMiss && !IsAcknowledged(Missing.Number + 1) && MustHaveArrived(Missing.First?.Time ?? sent!.Side(side).LastTime);

    /// <summary>The sender's own capture shows that it went on after a packet in its name had arrived.</summary>
    public bool SenderWentOn(PlacedPacket packet) => sent?.SentAfter(side, packet.Time - ahead + tolerance) ?? false;

    /// <summary>The sender's packets have other sequence numbers where they arrive.</summary>
    public bool IsRenumbered => sent is not null && arrived is not null && Renumbers(sent, arrived, side);

    private static bool Renumbers(PlacedConnection sent, PlacedConnection arrived, StepSide side) =>
        sent.Side(side) is var one && arrived.Side(side) is var other
        && one.Has(SideMarks.Syn | SideMarks.SynAck) && other.Has(SideMarks.Syn | SideMarks.SynAck) && one.BaseSequence != other.BaseSequence;

    private static MissingPayload? MissingOf(StepSide side, PlacedConnection? sent, PlacedConnection? arrived)
    {
        if (sent is null || arrived is null)
            return null;
        ref readonly Side one = ref sent.Side(side);
        ref readonly Side other = ref arrived.Side(side);
        if (!one.Sent.IsKnown || !other.Sent.IsKnown || !one.Has(SideMarks.HasBase) || !other.Has(SideMarks.HasBase))
            return null;
        uint number = Renumbers(sent, arrived, side) ? one.BaseSequence + (other.Sent.Next - other.BaseSequence) : other.Sent.Next; // a base may be a guess
        int bytes = SequenceNumber.Difference(one.Sent.Next, number) - (one.Has(SideMarks.Fin) && !other.Has(SideMarks.Fin) ? 1 : 0);
        return bytes > 0 ? new MissingPayload(sent.Record, sent.EndOf(side), number, bytes) : null;
    }

    private bool IsSame(in PlacedPacket packet, in PlacedPacket other) =>
        packet.Kind == other.Kind && (packet.Sequence == other.Sequence || packet.Kind == ObservationKind.Syn || packet.Kind == ObservationKind.SynAck || (IsRenumbered && packet.Relative == other.Relative));

    private bool IsLost(in PlacedPacket packet) =>
        arrived is not { MayMiss: true } && !arrivedAt.MayMiss && !IsFollowed(packet) && MustHaveArrived(packet.Time);

    /// <summary>What came after the packet arrived, or it was acknowledged: the capture at the other place missed it.</summary>
    private bool IsFollowed(in PlacedPacket packet) => packet.Kind switch
    {
        ObservationKind.Syn or ObservationKind.SynAck => arrived is not null,
        ObservationKind.Fin => IsAcknowledged(packet.Sequence + 1),
        _ => false,
    };

    /// <summary>The other side has acknowledged what stands before a number, at either place.</summary>
    private bool IsAcknowledged(uint number) => IsAcknowledgedAt(sent!, number) || (arrived is not null && !IsRenumbered && IsAcknowledgedAt(arrived, number));

    private bool IsAcknowledgedAt(PlacedConnection place, uint number)
    {
        uint acknowledged = place.Side(side == StepSide.Client ? StepSide.Server : StepSide.Client).Acknowledged;
        return SequenceNumber.IsAtOrAfter(acknowledged, number) && SequenceNumber.IsAtOrAfter(sent!.Side(side).Sent.Next, acknowledged);
    }

    /// <summary>
    /// Whether what was sent at a time came to the other place while that captured: the capture goes on for longer than a packet takes, or
    /// ends about then and the sender had no answer and sent it again.
    /// </summary>
    private bool MustHaveArrived(long time) => arrivedAt.Covers(time + ahead, -tolerance) || (sent!.Side(side).Unanswered > 0 && arrivedAt.Covers(time + ahead, tolerance));

    /// <summary>It must have been sent while the sender's place captured, and is not there.</summary>
    private bool IsForged(in PlacedPacket packet) =>
        packet.Kind is ObservationKind.Rst or ObservationKind.Fin && sent is not { MayMiss: true } && !HasMissedPayload
        && (SenderWentOn(packet) || (!sentAt.MayMiss && sentAt.Covers(packet.Time - ahead, IsSenderReset ? tolerance : -tolerance)));

    /// <summary>More payload arrived than the sender's own capture has.</summary>
    private bool HasMissedPayload => sent is not null && arrived is not null && arrived.Side(side).PayloadBytes > sent.Side(side).PayloadBytes;

    /// <summary>The sender's place has a RST in the other side's name: it still captured when the connection was reset.</summary>
    private bool IsSenderReset => sent is not null && sent.Side(side == StepSide.Client ? StepSide.Server : StepSide.Client).RstAt != 0;

    private string ChangesOf(in PlacedPacket packet, in PlacedPacket other)
    {
        List<string> changes = [];
        if (packet.Kind is ObservationKind.Syn or ObservationKind.SynAck && (sent!.TimeOf(packet.Kind) is null || arrived!.TimeOf(packet.Kind) is null))
            return ""; // one that was repeated may be another packet: hosts leave options out when they try again
        int hops = sent!.Side(side).TimeToLive - arrived!.Side(side).TimeToLive;
        if (packet.TimeToLive != 0 && other.TimeToLive != 0 && !sent.Side(side).Has(SideMarks.SeveralTimeToLives) && !arrived.Side(side).Has(SideMarks.SeveralTimeToLives) && packet.TimeToLive - other.TimeToLive != hops && packet.Kind == ObservationKind.Rst)
            changes.Add(Change("TTL", packet.TimeToLive, other.TimeToLive));
        if (packet.Flags != other.Flags)
            changes.Add($"flags {packet.Flags} → {other.Flags}");
        if (packet.Window != other.Window && packet.Kind != ObservationKind.Fin)
            changes.Add(Change("window", packet.Window, other.Window));
        if (packet.Sequence != other.Sequence)
            changes.Add(Change("sequence number", packet.Sequence, other.Sequence));
        return string.Join(", ", changes);
    }

    private static string Change(string what, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"{what} {from} → {to}");
}

/// <summary>A packet that opens or closes a connection, and what became of it.</summary>
/// <param name="Side">The side in whose name it was sent.</param>
/// <param name="Sent">At that side's place; null if it is not there.</param>
/// <param name="Arrived">At the other place.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Changes">What was changed on the way.</param>
internal sealed record TracedPacket(StepSide Side, PlacedPacket? Sent, PlacedPacket? Arrived, PacketFate Fate, string Changes)
{
    public ObservationKind Kind => (Sent ?? Arrived)!.Value.Kind;

    /// <summary>When it was captured, at either place.</summary>
    public long Time => (Sent ?? Arrived)!.Value.Time;
}
