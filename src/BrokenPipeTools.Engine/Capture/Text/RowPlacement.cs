using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>The place that a plan has given to a row.</summary>
/// <param name="Before">The placement before it.</param>
/// <param name="Event">Which row.</param>
/// <param name="Side">Which side of which connection: twice the connection, and the end.</param>
/// <param name="Sequence">Its number, counted as <see cref="RowSide.Next"/> is.</param>
/// <param name="IsFromStart">The number counts from a start that was not known.</param>
/// <param name="Length">Payload bytes; -1 if nothing has shown them yet.</param>
/// <param name="HasFin">Whether it ends its side.</param>
/// <param name="Received">The other side's next number then.</param>
/// <param name="IsReceivedFromStart">That number counts from a start that was not known.</param>
internal sealed record RowPlacement(RowPlacement? Before, int Event, int Side, SequenceNumber Sequence, bool IsFromStart, int Length, bool HasFin, SequenceNumber Received, bool IsReceivedFromStart);
