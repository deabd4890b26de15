using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The place of a row that shows an upper layer (HTTP 72 GET / HTTP/1.0). The row has neither ports nor numbers; they are inferred from the length of
/// its frame and from the rows around it that have numbers.
/// </summary>
internal sealed class UpperLayerRow
{
    /// <summary>The connection of the row.</summary>
    public required TraceFlowKey Key { get; init; }

    /// <summary>The end that sent it.</summary>
    public required int Sender { get; init; }

    /// <summary>The sequence number of the row, in the form in which the other rows of this connection print theirs.</summary>
    public required SequenceNumber Sequence { get; init; }

    /// <summary>The acknowledgment number that it probably has, in the same form; null if nothing was received.</summary>
    public SequenceNumber? Acknowledgment { get; init; }

    /// <summary>The payload bytes of the row.</summary>
    public required int Length { get; init; }

    /// <summary>Whether the numbers of the next rows are one more than its payload.</summary>
    public bool HasFin { get; init; }
}
