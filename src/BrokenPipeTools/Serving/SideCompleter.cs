using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Serving;

/// <summary>The sides of a forwarded connection.</summary>
public sealed class SideCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words =>
    [
        (nameof(ForwardSide.Client), "The client meets the fault; what the upstream server sends is counted."),
        (nameof(ForwardSide.Upstream), "The upstream server meets the fault; what the client sends is counted."),
        (nameof(ForwardSide.Both), "Both meet it; the bytes of both directions are counted together."),
    ];
}
