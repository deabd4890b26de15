using System.Globalization;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of scenarios and their results.</summary>
internal static class ScenarioShapes
{
    public static RecordShape<ScenarioResult> Result { get; } = new(
        [
            new("Name", 30, r => r.Name),
            new("IP", 2, r => r.IPVersion?.ToString(CultureInfo.InvariantCulture) ?? "", Right: true),
            new("Passed", 6, r => r.Passed ? "True" : "False"),
            new("Seconds", 7, r => r.Duration.ToString("0.000", CultureInfo.InvariantCulture), Right: true),
            new("State", 10, r => r.State is { } state ? EnumNames.Of(state) : ""),
            new("Sequence", 28, r => r.Sequence ?? ""),
            new("Observed", 0, r => r.Problem ?? r.Observed),
        ],
        JsonShape.Default.ScenarioResult,
        r => [(nameof(r.Steps), r.Steps.Select(step => step.ToString())), (nameof(r.FailedCalls), r.FailedCalls), (nameof(r.Connections), r.Connections.SelectMany(Ladder))],
        ReadingOrder.ScenarioResult);

    public static RecordShape<ScenarioInfo> Info { get; } = new(
        [
            new("Name", 30, i => i.Name),
            new("CanRun", 6, i => i.CanRun ? "True" : "False"),
            new("ExpectedCause", 19, i => i.ExpectedCause is { } cause ? EnumNames.Of(cause) : ""),
            new("Summary", 0, i => i.Summary),
        ],
        JsonShape.Default.ScenarioInfo,
        _ => []);

    private static IEnumerable<string> Ladder(ConnectionClose connection) =>
        MarkedLadder.Of(connection).Select(rung => "  " + rung).Prepend($"{connection}: {connection.Sequence}");
}
