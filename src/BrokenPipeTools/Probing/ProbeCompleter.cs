using BrokenPipeTools.Parameters;
using BrokenPipeTools.Probes;

namespace BrokenPipeTools.Probing;

/// <summary>Completes the kinds of probes.</summary>
public sealed class ProbeCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => TeardownProbes.All.Select(one => (one.Probe.ToString(), one.Summary));
}
