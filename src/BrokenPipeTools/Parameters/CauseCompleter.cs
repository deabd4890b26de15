using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Parameters;

/// <summary>Completes causes.</summary>
public sealed class CauseCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => CauseSummary.All.Select(one => (one.Cause.ToString(), one.Summary));
}
