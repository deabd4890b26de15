using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>Describes the fields of a packet that were changed between two places.</summary>
/// <param name="side">The side that sent it.</param>
/// <param name="sent">The connection at its place.</param>
/// <param name="arrived">The connection at the other place.</param>
internal sealed class PacketChanges(StepSide side, PlacedConnection sent, PlacedConnection arrived)
{
    /// <summary>The changes, in the order sequence number, flags, window, options, TTL; empty for none.</summary>
    public string Describe(in PlacedPacket packet, in PlacedPacket other)
    {
        bool isHandshake = packet.Kind is ObservationKind.Syn or ObservationKind.SynAck;
        if (isHandshake && (sent.TimeOf(side, packet.Kind) is null || arrived.TimeOf(side, packet.Kind) is null))
            return ""; // one that was repeated may be another packet: hosts leave options out when they try again
        List<string> changes = [];
        if (packet.Sequence != other.Sequence)
            changes.Add(Change("sequence number", packet.Sequence.Value, other.Sequence.Value));
        if (packet.Flags != other.Flags)
            changes.Add($"flags {packet.Flags} → {other.Flags}");
        if (packet.Window != other.Window && packet.Kind != ObservationKind.Fin) // of the FINs that were sent again it may be another one
            changes.Add(Change("window", packet.Window, other.Window));
        if (isHandshake)
            changes.AddRange(SynOptions.Changes(sent.OptionsOf(packet.Frame), arrived.OptionsOf(other.Frame)));
        if (packet.Kind == ObservationKind.Rst && HasOtherWay(packet, other))
            changes.Add(Change("TTL", packet.TimeToLive, other.TimeToLive));
        return string.Join(", ", changes);
    }

    /// <summary>Whether its TTL was lowered by another number than that of the side's other packets.</summary>
    private bool HasOtherWay(in PlacedPacket packet, in PlacedPacket other) =>
        packet.TimeToLive != 0 && other.TimeToLive != 0 && sent.TimeToLive(side) - arrived.TimeToLive(side) is { } hops && packet.TimeToLive - other.TimeToLive != hops;

    private static string Change(string what, long from, long to) => string.Create(CultureInfo.InvariantCulture, $"{what} {from} → {to}");
}
