using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Parameters;

namespace BrokenPipeTools.Commands;

/// <summary>The parameters that select connections.</summary>
public sealed partial class GetPcapConnectionCloseCommand
{
    /// <summary>The addresses or prefixes to select, on either side.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateAddressPrefix]
    public string[] Address { get; set; } = [];

    /// <summary>The ports to select, on either side.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0, ushort.MaxValue)]
    public int[] Port { get; set; } = [];

    /// <summary>The states to report, with or without wildcards; all states if it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ValidateEnumName(typeof(CloseState), "state", Wildcards = true)]
    [ArgumentCompleter(typeof(StateCompleter))]
    public string[] State { get; set; } = [];

    /// <summary>The causes to report, with or without wildcards; all causes if it is not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ValidateEnumName(typeof(Cause), "cause", Wildcards = true)]
    [ArgumentCompleter(typeof(CauseCompleter))]
    public string[] Cause { get; set; } = [];

    /// <summary>Selects connections that have a segment at this time or later.</summary>
    [Parameter]
    public DateTime? After { get; set; }

    /// <summary>Selects connections that have a segment at this time or earlier.</summary>
    [Parameter]
    public DateTime? Before { get; set; }

    /// <summary>A text that the payload of a packet must contain.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateTextLength(RecordFilter.MaxTextLength)]
    public string? Contains { get; set; }

    /// <summary>Makes the filter. A time without a zone is local, as everywhere in PowerShell.</summary>
    private RecordFilter Filter() => new()
    {
        Addresses = [.. Address.Select(AddressPrefix.Parse)],
        Ports = Port,
        States = NamePattern.Values<CloseState>(State),
        Causes = NamePattern.Values<Cause>(Cause),
        After = After?.ToUniversalTime(),
        Before = Before?.ToUniversalTime(),
        Contains = Contains,
    };

    /// <summary>Checks that -Before is not earlier than -After, because no connection could match.</summary>
    private void CheckInterval()
    {
        if (Filter() is { After: { } after, Before: { } before } && before < after)
            ThrowTerminatingError(ErrorRecords.IntervalInvalid(after, before));
    }
}
