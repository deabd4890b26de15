using System.Management.Automation;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>Says how every TCP connection of the given captures closed: a <see cref="ConnectionClose"/> each, as soon as it is final.</summary>
[Cmdlet(VerbsCommon.Get, "PcapConnectionClose", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ConnectionClose))]
public sealed class GetPcapConnectionCloseCommand : PSCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private static readonly AnalyzerOptions Defaults = new();

    private readonly CancellationTokenSource _stop = new();
    private CapturePaths _paths = null!;
    private ReadingProgress _progress = null!;

    /// <summary>Captures to read; wildcards are resolved. "-" is standard input.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Captures to read, their names taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Connections held open at once.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <summary>How long, in the capture's time, a closed connection waits for stragglers. A plain number means seconds.</summary>
    [Parameter]
    [Seconds]
    [ValidateSeconds(0, 86_400)]
    public TimeSpan Linger { get; set; } = Defaults.Linger;

    /// <summary>Lets go of the cancellation; the captures are closed one by one.</summary>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _paths = new CapturePaths(SessionState, WriteError, WriteVerbose);
        _progress = new ReadingProgress(WriteProgress);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool literal = ParameterSetName == LiteralPathSet;
        foreach (string path in literal ? LiteralPath : Path)
        {
            foreach (string file in literal ? _paths.ResolveLiteral(path) : _paths.Resolve(path))
                Analyze(file);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _progress.Complete();

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The pipeline came to its own end at the same moment.
        }
    }

    private void Analyze(string file)
    {
        if (file == CaptureFile.StandardInput && !Console.IsInputRedirected)
        {
            WriteError(ErrorRecords.StandardInputIsTerminal());
            return;
        }

        AnalyzerOptions options = new() { MaxConnections = MaxConnections, Linger = Linger, Progress = _progress.Show };
        using CaptureReading reading = new(file, options, _stop.Token);
        try
        {
            while (reading.TryNext(out ConnectionClose? record))
                WriteObject(record);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }

        Conclude(file, reading);
    }

    private void Conclude(string file, CaptureReading reading)
    {
        if (reading.Summary is { } summary)
            WriteVerbose($"{file}: {summary}");
        if (reading.Problem is { IsWarning: true } warning)
            WriteWarning(warning.Message);
        else if (reading.Problem is { } problem)
            WriteError(problem.ToErrorRecord(reading.Cause));
    }
}
