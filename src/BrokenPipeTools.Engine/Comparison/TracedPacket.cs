using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>A packet that opens or closes a connection, and whether it arrived.</summary>
/// <param name="Side">The side whose address it was sent from.</param>
/// <param name="Sent">At that side's place; null if it is not there.</param>
/// <param name="Arrived">At the other place.</param>
/// <param name="Fate">Whether it arrived, and whether it was changed.</param>
/// <param name="Proof">The strength of the proof of that.</param>
/// <param name="Changes">The changed fields.</param>
internal sealed record TracedPacket(StepSide Side, PlacedPacket? Sent, PlacedPacket? Arrived, PacketFate Fate, PathProof Proof, string Changes)
{
    public ObservationKind Kind => (Sent ?? Arrived)!.Value.Kind;

    /// <summary>When it was captured, at either place.</summary>
    public long Time => (Sent ?? Arrived)!.Value.Time;

    /// <summary>The number of its frame, in the capture that has it.</summary>
    public long Frame => (Sent ?? Arrived)!.Value.Frame;
}
