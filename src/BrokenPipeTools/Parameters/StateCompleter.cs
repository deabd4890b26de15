using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes the states at the end of a connection.</summary>
public sealed class StateCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => StateSummary.All.Select(one => (one.State.ToString(), one.Summary));
}
