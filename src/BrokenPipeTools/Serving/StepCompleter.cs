using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Serving;

/// <summary>Completes the units of a sequence: connection or request.</summary>
public sealed class StepCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words =>
    [
        (nameof(ServerStep.Connection), "Every connection takes the next behavior."),
        (nameof(ServerStep.Request), "Every request takes the next behavior, on any connection."),
    ];
}
