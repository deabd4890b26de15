namespace BrokenPipeTools.Reports;

/// <summary>The data of an example in a summary, copied from a record that may be returned to its pool.</summary>
/// <param name="Path">The capture.</param>
/// <param name="Stream">Its stream number in the capture.</param>
/// <param name="Frame">The frame that shows the closing.</param>
/// <param name="Filter">The display filter; null for the filter by stream number.</param>
internal readonly record struct CountedExample(string Path, int Stream, long Frame, string? Filter)
{
    /// <summary>Makes an example from a record.</summary>
    public static CountedExample Of(ConnectionClose record) => new(
        record.Path,
        record.Stream,
        SummaryExample.ChooseFrame(record.ClientResetFrame, record.ServerResetFrame, record.ClientFinFrame, record.ServerFinFrame, record.LastFrame),
        record.HasOwnNumber ? record.WiresharkFilter : null);
}
