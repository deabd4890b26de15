namespace BrokenPipeTools.Reports;

/// <summary>What an example of a summary has to keep of a record that may be given back to its pool.</summary>
/// <param name="Path">The capture.</param>
/// <param name="Stream">Its number there.</param>
/// <param name="Frame">The frame to look at.</param>
/// <param name="Filter">The display filter; null for the one by number.</param>
internal readonly record struct CountedExample(string Path, int Stream, long Frame, string? Filter)
{
    /// <summary>Takes it from a record.</summary>
    public static CountedExample Of(ConnectionClose record) => new(
        record.Path,
        record.Stream,
        SummaryExample.ChooseFrame(record.ClientResetFrame, record.ServerResetFrame, record.ClientFinFrame, record.ServerFinFrame, record.LastFrame),
        record.HasOwnNumber ? record.WiresharkFilter : null);
}
