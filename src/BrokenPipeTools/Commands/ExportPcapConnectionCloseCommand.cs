using System.Globalization;
using System.Management.Automation;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>Writes connections to a file: their packets as a capture, a ticket, or a page. The extension of the file decides.</summary>
[Cmdlet(VerbsData.Export, "PcapConnectionClose", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportPcapConnectionCloseCommand : DisplayCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private RecordExport? _export;
    private string _path = "";
    private bool _isFull;

    /// <summary>The file to write: .pcapng for the packets with comments, .md for a ticket in Markdown, .html for a page. Not a wildcard pattern.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [Alias("LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>
    /// Records of Get-PcapConnectionClose in this session. The packets of records that were saved, or came from another session, cannot be found.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>Replaces addresses and names by pseudonyms, each one always by the same, and leaves out payload.</summary>
    [Parameter]
    public SwitchParameter Anonymize { get; set; }

    /// <summary>Overwrites an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the written file.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _export?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
            ThrowTerminatingError(ErrorRecords.NotFileSystemPath(Path, provider.Name));
        try
        {
            RecordExport export = new(_path, Force, Anonymize);
            if (ShouldProcess(_path, "Write connections"))
                _export = export;
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(ErrorRecords.ExportFormatUnknown(Path, e));
        }
        catch (CaptureWriteException e)
        {
            ThrowTerminatingError(CaptureProblem.From(e, _path).ToErrorRecord(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Guard(() =>
    {
        foreach (PSObject one in InputObject)
        {
            if (one.BaseObject is not ConnectionClose record)
                ThrowTerminatingError(ErrorRecords.RecordWithoutPackets(one));
            else if (_export is null || _isFull || _export.TryAdd(record))
                continue;
            _isFull = true;
            WriteWarning(string.Create(CultureInfo.InvariantCulture, $"only the first {_export!.Capacity} connections are written"));
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Guard(() =>
    {
        if (_export is not { Count: > 0 })
            return;
        CaptureFile.Decompressor = SessionDecompressor.Instance;
        foreach (CaptureProblem problem in _export.Complete(path => CaptureFile.Open(path, _stop.Token), _stop.Token).Where(problem => !problem.IsWarning))
            WriteError(problem.ToErrorRecord());
        if (PassThru && _export.IsWritten)
            WriteObject(new FileInfo(_path));
    });

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (CaptureWriteException e)
        {
            ThrowTerminatingError(CaptureProblem.From(e, _path).ToErrorRecord(e));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
