using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>A packet that opens or closes a connection, with its fate between the two places.</summary>
/// <param name="Side">The side whose address the packet has as its source.</param>
/// <param name="Sent">The packet at that side's place; null if that capture does not have it.</param>
/// <param name="Arrived">The packet at the other place; null if that capture does not have it.</param>
/// <param name="Fate">Whether the packet arrived, and whether it was changed on the path.</param>
/// <param name="Proof">How strong the proof of this fate is.</param>
/// <param name="Changes">The changed fields; empty if none was changed.</param>
internal sealed record TracedPacket(StepSide Side, PlacedPacket? Sent, PlacedPacket? Arrived, PacketFate Fate, PathProof Proof, string Changes)
{
    public ObservationKind Kind => (Sent ?? Arrived)!.Value.Kind;

    /// <summary>The time of the packet in nanoseconds since 1970, from the sender's place if that capture has it.</summary>
    public long Time => (Sent ?? Arrived)!.Value.Time;

    /// <summary>The number of the packet's frame, from the sender's place if that capture has it.</summary>
    public long Frame => (Sent ?? Arrived)!.Value.Frame;
}
