using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The first packet or payload that was lost between the two places.</summary>
/// <param name="Side">The side that sent the packet.</param>
/// <param name="Frame">The number of its frame in the capture at the sender's place; null if the frame was not found.</param>
/// <param name="Bytes">The number of lost payload bytes; 0 if the lost packet opens or closes the connection.</param>
/// <param name="Kind">The kind of the lost packet.</param>
internal readonly record struct FirstLoss(StepSide Side, long? Frame, long Bytes, ObservationKind Kind);
