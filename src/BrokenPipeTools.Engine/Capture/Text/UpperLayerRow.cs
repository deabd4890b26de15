using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The place of a row that shows an upper layer, such as HTTP 72 GET / HTTP/1.0. The row has neither ports nor numbers. They are inferred from the
/// length of its frame, and from the rows around it that have numbers.
/// </summary>
internal sealed class UpperLayerRow
{
    /// <summary>The connection of the row.</summary>
    public required TraceFlowKey Key { get; init; }

    /// <summary>The end that sent the row.</summary>
    public required int Sender { get; init; }

    /// <summary>The sequence number of the row, in the form in which the other rows of its connection print their numbers.</summary>
    public required SequenceNumber Sequence { get; init; }

    /// <summary>The acknowledgment number that the row probably has, in the same form; null if its sender has received nothing.</summary>
    public SequenceNumber? Acknowledgment { get; init; }

    /// <summary>The payload bytes of the row.</summary>
    public required int Length { get; init; }

    /// <summary>Whether the segment also has a FIN, because the next rows count one number more than its payload.</summary>
    public bool HasFin { get; init; }
}
