using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>A packet that opens or closes a connection, in two captures.</summary>
public sealed class ComparedPacket : INaturalOrder<ComparedPacket>
{
    /// <summary>The side of its source address.</summary>
    public required StepSide Side { get; init; }

    /// <summary>The kind of the packet: Syn, SynAck, Fin or Rst.</summary>
    public required ObservationKind Kind { get; init; }

    /// <summary>Whether it arrived, and whether it was changed.</summary>
    public required PacketFate Fate { get; init; }

    /// <summary>The number of its frame in the reference capture; null if the capture does not have it.</summary>
    public required long? ReferenceFrame { get; init; }

    /// <summary>The number of its frame in the other capture; null if the capture does not have it.</summary>
    public required long? DifferenceFrame { get; init; }

    /// <summary>The fields that changed between the sender's place and the receiver's; empty for none.</summary>
    public required string Changes { get; init; }

    /// <summary>Compares by side, and within a side by frame.</summary>
    public int CompareTo(ComparedPacket? other) => other is null
        ? 1
        : (Side, ReferenceFrame ?? DifferenceFrame).CompareTo((other.Side, other.ReferenceFrame ?? other.DifferenceFrame));

    /// <summary>Returns the packet as one line.</summary>
    public override string ToString() => DisplayText.Of(string.Create(
        CultureInfo.InvariantCulture,
        $"{Side} {Kind}: {Fate} ({(ReferenceFrame is { } one ? $"frame {one}" : "not captured")} / {(DifferenceFrame is { } other ? $"frame {other}" : "not captured")}){(Changes.Length > 0 ? ", " + Changes : "")}"));
}
