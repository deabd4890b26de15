using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>The columns and properties of the results of a probe.</summary>
internal static class TeardownShape
{
    public static RecordShape<TeardownTest> Test { get; } = new(
        [
            new("Target", 23, t => new EndpointText(t.ComputerName, t.Port).ToString()),
            new("Probe", 13, t => EnumNames.Of(t.Probe)),
            new("Mechanism", 12, t => EnumNames.Of(t.Mechanism)),
            new("After", 8, t => Seconds(t.ClosedAfter), Right: true),
            new("Cause", 19, t => t.Status is TeardownStatus.Completed or TeardownStatus.NotConnected ? EnumNames.Of(t.Cause) : EnumNames.Of(t.Status)),
            new("State", 10, t => t.State is { } state ? EnumNames.Of(state) : ""),
            new("Read, Write, Write", 24, t => ProbeCalls.Of(EnumNames.Of(t.Probe), t.Error, t.Address, EnumNames.Of(t.Mechanism), t.ReadAfterClose, t.FirstWriteAfterClose, t.SecondWriteAfterClose)),
            new("SafeIdle", 8, t => t.SafeIdleSeconds is { } safe ? SecondsText.Of(safe) : "", Right: true),
            new("Connect", 8, t => Seconds(t.ConnectTime), Right: true),
            new("Address", 21, t => t.Address),
            new("Error", 0, t => t.Error ?? ""),
        ],
        JsonShape.Default.TeardownTest,
        t =>
        [
            (nameof(t.Alternatives), t.Alternatives.Select(other => other.ToString())),
            (nameof(t.Steps), MarkedSteps.Of(t)),
            (nameof(t.Connection), t.Connection is { } packets ? MarkedLadder.Of(packets).Prepend(packets.Sequence) : []),
        ],
        ReadingOrder.TeardownTest);

    private static string Seconds(double? seconds) => seconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
}
