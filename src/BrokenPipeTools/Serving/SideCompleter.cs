using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Serving;

/// <summary>Completes the sides of a forwarded connection.</summary>
public sealed class SideCompleter : WordCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Word, string Tooltip)> Words =>
    [
        (nameof(ForwardSide.Client), "The client gets the fault; bytes from the upstream server are counted."),
        (nameof(ForwardSide.Upstream), "The upstream server gets the fault; bytes from the client are counted."),
        (nameof(ForwardSide.Both), "Both get the fault; the bytes of both directions are counted together."),
    ];
}
