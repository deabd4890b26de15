using System.Management.Automation;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>Lists the interfaces on which packets can be captured.</summary>
[Cmdlet(VerbsCommon.Get, "PcapInterface")]
[OutputType(typeof(PcapInterface))]
public sealed class GetPcapInterfaceCommand : DisplayCmdlet
{
    private IReadOnlyList<PcapInterface>? _all;

    /// <summary>The names of interfaces, with or without wildcards; all interfaces if it is not given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _all = SessionCaptureLibrary.Instance.GetInterfaces();
        }
        catch (LiveCaptureException e)
        {
            WriteError(CaptureProblem.From(e, "")!.ToErrorRecord(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in _all is null ? [] : Name)
        {
            PcapInterface[] found = [.. _all!.Where(i => NamePattern.Matches(name, i.Name) || i.Name == name)];
            WriteObject(found, enumerateCollection: true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(ErrorRecords.InterfaceNotFound(name));
        }
    }
}
