using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Describes the fields of a packet that were changed between the two places.</summary>
/// <param name="side">The side that sent the packet.</param>
/// <param name="sent">The connection in the capture at that side's place.</param>
/// <param name="arrived">The connection in the capture at the other place.</param>
internal sealed class PacketChanges(StepSide side, PlacedConnection sent, PlacedConnection arrived)
{
    /// <summary>Returns the changed fields in the order sequence number, flags, window, options, TTL; an empty text if none was changed.</summary>
    public string Describe(in PlacedPacket packet, in PlacedPacket other)
    {
        bool isHandshake = packet.Kind is ObservationKind.Syn or ObservationKind.SynAck;
        if (isHandshake && (sent.TimeOf(side, packet.Kind) is null || arrived.TimeOf(side, packet.Kind) is null))
            return ""; // the packet was sent several times, so the other place may have another copy: hosts leave out options when they retry
        List<string> changes = [];
        if (packet.Sequence != other.Sequence)
            changes.Add(Change("sequence number", packet.Sequence.Value, other.Sequence.Value));
        if (packet.Flags != other.Flags)
            changes.Add($"flags {packet.Flags} → {other.Flags}");
        if (packet.Window != other.Window && packet.Kind != ObservationKind.Fin) // of several FINs, the other place may have another one
            changes.Add(Change("window", packet.Window, other.Window));
        if (isHandshake)
            changes.AddRange(SynOptions.Changes(sent.OptionsOf(packet.Frame), arrived.OptionsOf(other.Frame)));
        if (packet.Kind == ObservationKind.Rst && HasOtherWay(packet, other))
            changes.Add(Change("TTL", packet.TimeToLive, other.TimeToLive));
        return string.Join(", ", changes);
    }

    /// <summary>Returns whether the TTL of a packet was lowered by another number than the TTL of the side's other packets.</summary>
    private bool HasOtherWay(in PlacedPacket packet, in PlacedPacket other) =>
        packet.TimeToLive != 0 && other.TimeToLive != 0 && sent.TimeToLive(side) - arrived.TimeToLive(side) is { } hops && packet.TimeToLive - other.TimeToLive != hops;

    private static string Change(string what, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"{what} {from} → {to}");
}
