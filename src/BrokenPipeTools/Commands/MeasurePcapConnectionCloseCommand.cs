using System.Management.Automation;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;

namespace BrokenPipeTools.Commands;

/// <summary>
/// Counts records by cause, state, closer, service and pair, compares the counts with an earlier summary, and checks them against thresholds.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "PcapConnectionClose")]
[OutputType(typeof(SummaryLine))]
public sealed class MeasurePcapConnectionCloseCommand : DisplayCmdlet
{
    private const int MostLines = 10_000;
    private const int UsualLines = 10;

    private readonly CloseTally _tally = new();
    private SummaryReference? _reference;
    private long _objects;

    /// <summary>Records of Get-PcapConnectionClose, also those that were saved or came from another machine.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject?[]? InputObject { get; set; } = [];

    /// <summary>The most lines for services, and the most lines for pairs.</summary>
    [Parameter]
    [ValidateRange(1, MostLines)]
    public int Top { get; set; } = UsualLines;

    /// <summary>An earlier summary, saved as JSON.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReferencePath { get; set; }

    /// <summary>The number of connections of each cause that is accepted. A cause alone means none; a cause with a number means that many.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ValidateThreshold]
    [ArgumentCompleter(typeof(CauseCompleter))]
    public string[] FailOn { get; set; } = [];

    /// <summary>Reads the earlier summary. If it is wrong, nothing is counted, because there is nothing to compare with.</summary>
    protected override void BeginProcessing()
    {
        if (ReferencePath is null)
            return;
        try
        {
            string file = SessionFile.Resolve(SessionState, ReferencePath, "a summary", (reason, cause) => new SummaryReferenceException(ReferencePath, reason, cause));
            _reference = SummaryReference.Read(file);
        }
        catch (SummaryReferenceException e)
        {
            ThrowTerminatingError(ErrorRecords.SummaryReferenceInvalid(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject? one in InputObject ?? [null])
        {
            _objects++;
            if (one?.BaseObject is ConnectionClose record)
                _tally.Add(record);
            else if (SavedClose.TryRead(one, out CountedClose saved, out string reason))
                _tally.Add(saved);
            else
                WriteError(ErrorRecords.InputObjectNotRecord(one, _objects, reason));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        WriteObject(_tally.Summarize(Top, _reference), enumerateCollection: true);
        string[] exceeded = [.. ValidateThresholdAttribute.Read(FailOn).Select(threshold => threshold.Check(_tally)).OfType<string>()];
        if (exceeded.Length > 0)
            WriteError(ErrorRecords.ThresholdExceeded(exceeded));
    }
}
