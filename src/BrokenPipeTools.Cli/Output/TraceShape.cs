using System.Globalization;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of failed calls.</summary>
internal static class TraceShape
{
    public static RecordShape<TracedFailure> Failure { get; } = new(
        [
            new("Time", 15, f => f.Time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
            new("Process", 20, f => $"{f.Process}[{(f.ProcessId ?? f.ThreadId)?.ToString(CultureInfo.InvariantCulture)}]"),
            new("Call", 7, f => EnumNames.Of(f.Direction)),
            new("Errno", 12, f => f.Errno ?? ""),
            new("Cause", 19, f => EnumNames.Of(f.Cause)),
            new("Explanation", 0, f => f.Explanation),
        ],
        JsonShape.Default.TracedFailure,
        f => [(nameof(f.Evidence), f.Evidence), (nameof(f.Quality), f.Quality), (nameof(f.Connection), f.Connection is { } packets ? MarkedLadder.Of(packets).Prepend(packets.Sequence) : [])],
        ReadingOrder.TracedFailure);
}
