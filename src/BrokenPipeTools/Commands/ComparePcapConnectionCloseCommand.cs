using System.Management.Automation;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>
/// Compares two captures of the same connections that were taken at two places. Reports which packets were lost, forged or changed between the
/// places.
/// </summary>
[Cmdlet(VerbsData.Compare, "PcapConnectionClose")]
[OutputType(typeof(ConnectionComparison))]
public sealed class ComparePcapConnectionCloseCommand : DisplayCmdlet, IDisposable
{
    private static readonly AnalyzerOptions Defaults = new();

    private readonly CancellationTokenSource _stop = new();
    private readonly CaptureComparison _comparison = new();
    private ReadingProgress _progress = null!;
    private bool _lacksInput;

    /// <summary>The capture of one place; wildcards are resolved. "-" is standard input.</summary>
    [Parameter(Position = 0, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] ReferencePath { get; set; } = [];

    /// <summary>The capture of the other place.</summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] DifferencePath { get; set; } = [];

    /// <summary>Treats the captures of each place as one capture, in this order, such as the files of a ring buffer.</summary>
    [Parameter]
    public SwitchParameter Continuous { get; set; }

    /// <summary>The most open connections in memory.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <summary>How long, in the capture's time, a closed connection waits for late segments. A plain number means seconds.</summary>
    [Parameter]
    [Seconds]
    [ValidateSeconds(0, 86_400)]
    public TimeSpan Linger { get; set; } = Defaults.Linger;

    /// <summary>Disposes of the cancellation.</summary>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        CapturePaths paths = new(SessionState, Report, WriteWarning, WriteVerbose);
        string[] reference = [.. ReferencePath.SelectMany(paths.Resolve)];
        string[] difference = [.. DifferencePath.SelectMany(paths.Resolve)];
        CheckStandardInput([.. reference, .. difference]);
        _progress = new ReadingProgress(WriteProgress);
        CaptureFile.Decompressor = SessionDecompressor.Instance;
        try
        {
            Read(reference, _comparison.AddReference);
            Read(difference, _comparison.AddDifference);
            _progress.Complete();
            Write();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The cmdlet ended at the same moment, and has disposed of the cancellation.
        }
    }

    /// <summary>Reports an error if standard input is used twice, or is a terminal.</summary>
    private void CheckStandardInput(string[] files)
    {
        int count = files.Count(file => file == CaptureFile.StandardInput);
        if (count > 1)
            ThrowTerminatingError(ErrorRecords.StandardInputTwice());
        if (count == 1 && !Console.IsInputRedirected)
            ThrowTerminatingError(ErrorRecords.StandardInputIsTerminal());
    }

    private void Read(string[] files, Func<ConnectionClose, bool> add)
    {
        RunOutput output = new() { WriteRecord = record => add(record), Pool = new RecordPool(), WriteError = Report, WriteWarning = WriteWarning, WriteVerbose = WriteVerbose, WriteProgress = _progress.Show };
        CaptureRun run = new(output, new AnalyzerOptions { MaxConnections = MaxConnections, Linger = Linger }, _stop.Token);
        if (Continuous)
        {
            run.ReadSeries(files);
            return;
        }

        foreach (string file in files)
            run.Read(file);
    }

    /// <summary>Writes an error about a capture: a connection that only the other one has is then no surprise.</summary>
    private void Report(ErrorRecord error)
    {
        _lacksInput = true;
        WriteError(error);
    }

    private void Write()
    {
        if (_comparison.Overflow is { } overflow)
            WriteWarning(overflow);
        bool isAny = false;
        foreach (ConnectionComparison one in _comparison.Compare(path => CaptureFile.Open(path, _stop.Token)))
        {
            isAny = true;
            WriteObject(one);
        }

        if (!isAny && !_lacksInput)
            WriteWarning(CaptureComparison.NothingInCommon);
    }
}
