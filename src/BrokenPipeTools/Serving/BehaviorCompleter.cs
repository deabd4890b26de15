using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Parameters;

namespace BrokenPipeTools.Serving;

/// <summary>Completes the behaviors of the misbehaving server.</summary>
public sealed class BehaviorCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words => ServerBehaviors.All.Select(one => (one.Behavior.ToString(), one.Summary));
}
