using System.Management.Automation;
using System.Net;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Commands;

/// <summary>Reports how every TCP connection of the given captures closed, with a <see cref="ConnectionClose"/> for each as soon as it is final.</summary>
[Cmdlet(VerbsCommon.Get, "PcapConnectionClose", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ConnectionClose))]
public sealed partial class GetPcapConnectionCloseCommand : DisplayCmdlet, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputObjectSet = "InputObject";
    private const string InterfaceSet = "InterfaceName";
    private const double LongestCapture = 365 * 86_400;

    private static readonly AnalyzerOptions Defaults = new();

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _series = [];
    private CapturePaths _paths = null!;
    private ReadingProgress _progress = null!;
    private CaptureRun _run = null!;
    private KnownTimers? _timers;
    private PacketStream? _packets;

    /// <summary>Captures to read; wildcards are resolved. "-" is standard input.</summary>
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Captures to read; wildcards are not resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Treats the captures as one capture, in this order, such as the files of a ring buffer.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Continuous { get; set; }

    /// <summary>Packets that another program has captured, with the members of SharpPcap's RawCapture.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InputObjectSet, ValueFromPipeline = true)]
    [PacketsNotPaths]
    public object?[] InputObject { get; set; } = [];

    /// <summary>The interface to capture on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = InterfaceSet)]
    [Alias("Interface")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string InterfaceName { get; set; } = "";

    /// <summary>How long to capture; by default until Ctrl+C. A plain number means seconds.</summary>
    [Parameter(ParameterSetName = InterfaceSet)]
    [Seconds]
    [ValidateSeconds(0, LongestCapture)]
    public TimeSpan? Duration { get; set; }

    /// <summary>Selects the packets to capture, in the language of pcap-filter(7).</summary>
    [Parameter(ParameterSetName = InterfaceSet)]
    public string CaptureFilter { get; set; } = "";

    /// <summary>The network namespace of the interface: the id of a process in it, or a path.</summary>
    [Parameter(ParameterSetName = InterfaceSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNamespaceCompleter))]
    public string? NetworkNamespace { get; set; }

    /// <summary>The file to write the packets to.</summary>
    [Parameter(ParameterSetName = InterfaceSet)]
    [ValidateNotNullOrEmpty]
    public string? CapturePath { get; set; }

    /// <summary>Overwrites the existing file of <see cref="CapturePath"/>.</summary>
    [Parameter(ParameterSetName = InterfaceSet)]
    public SwitchParameter Force { get; set; }

    /// <summary>The most open connections in memory.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = Defaults.MaxConnections;

    /// <summary>How long, in the capture's time, a closed connection waits for late segments. A plain number means seconds.</summary>
    [Parameter]
    [Seconds]
    [ValidateSeconds(0, 86_400)]
    public TimeSpan Linger { get; set; } = Defaults.Linger;

    /// <summary>The addresses of the local host. Explanations call the program on it "your program".</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LocalAddressCompleter))]
    public IPAddress[] LocalAddress { get; set; } = [];

    /// <summary>A table of the site's own idle time-outs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TimerFile { get; set; }

    /// <summary>Adds the first bytes of their frames to the events in the evidence.</summary>
    [Parameter]
    public SwitchParameter IncludePacket { get; set; }

    /// <summary>Disposes of the packets and the cancellation. (Each capture is closed when it has been read.)</summary>
    public void Dispose()
    {
        _packets?.Dispose();
        _text?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _paths = new CapturePaths(SessionState, WriteError, WriteWarning, WriteVerbose);
        _progress = new ReadingProgress(WriteProgress);
        CheckInterval();
        if (TimerFile is not null)
            ReadTimers(TimerFile);
        RecordPool pool = new();
        RunOutput output = new() { WriteRecord = WriteObject, Pool = pool, WriteError = WriteError, WriteWarning = WriteWarning, WriteVerbose = WriteVerbose, WriteProgress = Show };
        CaptureFile.Decompressor = SessionDecompressor.Instance;
        _run = new CaptureRun(output, Options() with { Pool = pool, Ahead = new DecodingAhead() }, _stop.Token);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Interruptible(() =>
    {
        switch (ParameterSetName)
        {
            case InterfaceSet:
                Capture();
                break;
            case InputObjectSet:
                _packets ??= new PacketStream(Options() with { Progress = _progress.Show }, WriteObject, WriteError, _stop.Token);
                foreach (object? packet in InputObject)
                    _packets.Take(packet);
                break;
            case FromTextSet:
                TakeText();
                break;
            case LiteralPathSet:
                Take(LiteralPath.SelectMany(_paths.ResolveLiteral));
                break;
            default:
                Take(Path.SelectMany(_paths.Resolve));
                break;
        }
    });

    /// <inheritdoc/>
    protected override void EndProcessing() => Interruptible(() =>
    {
        _run.ReadSeries(_series); // a series is complete only after the last file of the pipeline
        ReadText();
        if (_packets is not null)
            _run.ReadRest(_packets.Packets);
        _progress.Complete();
    });

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

    /// <summary>Reads the table of timers. If the table is wrong, no capture is read, because the causes could be wrong.</summary>
    private void ReadTimers(string file)
    {
        try
        {
            _timers = TimerTable.Read(SessionState, file);
        }
        catch (TimerFileException e)
        {
            ThrowTerminatingError(ErrorRecords.TimerFileInvalid(e));
        }
    }

    private void Take(IEnumerable<string> files)
    {
        foreach (string file in files)
        {
            if (file == CaptureFile.StandardInput && !Console.IsInputRedirected)
                WriteError(ErrorRecords.StandardInputIsTerminal());
            else if (MyInvocation.ExpectingInput && Directory.Exists(file))
                WriteVerbose($"{file}: a directory, skipped"); // Get-ChildItem also returns directories
            else if (Continuous)
                _series.Add(file);
            else
                _run.Read(file);
        }
    }

    private void Capture()
    {
        string? file = CapturePath is null ? null : _paths.ResolveLiteral(CapturePath).SingleOrDefault();
        if (CapturePath is not null && file is null)
            return; // already reported
        LiveCaptureOptions capture = new() { InterfaceName = InterfaceName, Filter = CaptureFilter, Duration = Duration, NetworkNamespace = NetworkNamespace };
        using CancellationTokenSource end = new();
        using IDisposable? key = ConsoleStopKey.Watch(Host, end.Cancel);
        _run.Capture(SessionCaptureLibrary.Instance, capture, file, Force, end.Token);
    }

    private void Show(AnalyzerProgress progress)
    {
        if (ParameterSetName == InterfaceSet)
            _progress.Show(progress, Duration, _run.Remaining);
        else
            _progress.Show(progress);
    }

    private AnalyzerOptions Options() => new()
    {
        MaxConnections = MaxConnections,
        Linger = ParameterSetName == InterfaceSet && !MyInvocation.BoundParameters.ContainsKey(nameof(Linger)) ? AnalyzerOptions.LiveLinger : Linger,
        Timers = _timers,
        LocalAddresses = LocalAddress,
        IncludePacket = IncludePacket,
        Filter = Filter(),
    };

    /// <summary>Runs a part of the work. If the pipeline is stopped, throws the exception that PowerShell expects.</summary>
    private void Interruptible(Action work)
    {
        try
        {
            work();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
