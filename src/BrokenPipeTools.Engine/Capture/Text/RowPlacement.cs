using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>The place that a plan gives to a row.</summary>
/// <param name="Before">The placement before this one in the plan.</param>
/// <param name="Event">The index of the row.</param>
/// <param name="Side">The number of the side: twice the number of the connection, plus the end.</param>
/// <param name="Sequence">The sequence number, counted as <see cref="RowSide.Next"/> is.</param>
/// <param name="IsFromStart">Whether the number counts from an unknown start.</param>
/// <param name="Length">Payload bytes; -1 if no row has shown them yet.</param>
/// <param name="HasFin">Whether the row has the FIN of its side.</param>
/// <param name="Received">The other side's next number at this point.</param>
/// <param name="IsReceivedFromStart">Whether that number counts from an unknown start.</param>
internal sealed record RowPlacement(RowPlacement? Before, int Event, int Side, SequenceNumber Sequence, bool IsFromStart, int Length, bool HasFin, SequenceNumber Received, bool IsReceivedFromStart);
