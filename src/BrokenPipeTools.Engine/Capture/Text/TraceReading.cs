namespace BrokenPipeTools.Capture.Text;

/// <summary>How much of a packet could be read.</summary>
internal enum TraceReading : byte
{
    /// <summary>The text is not in this format.</summary>
    None,

    /// <summary>The end of the packet is missing: the line may have been broken.</summary>
    Partial,

    Complete,
}
