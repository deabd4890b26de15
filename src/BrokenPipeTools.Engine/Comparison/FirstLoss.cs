using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Comparison;

/// <summary>The first loss.</summary>
/// <param name="Side">The side that sent it.</param>
/// <param name="Frame">Its frame at the sender's place; null if it was not found.</param>
/// <param name="Bytes">Payload bytes; 0 for a packet that opens or closes.</param>
/// <param name="Kind">Its kind.</param>
internal readonly record struct FirstLoss(StepSide Side, long? Frame, long Bytes, ObservationKind Kind);
