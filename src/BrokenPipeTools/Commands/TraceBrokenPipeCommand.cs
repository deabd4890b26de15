using System.Management.Automation;
using BrokenPipeTools.Bridging;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Parameters;
using BrokenPipeTools.Reading;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Commands;

/// <summary>
/// Traces the Linux kernel to find calls that fail with EPIPE, ECONNRESET and similar errors. Writes each failed call with its program and its
/// reason.
/// </summary>
[Cmdlet(VerbsDiagnostic.Trace, "BrokenPipe")]
[OutputType(typeof(TracedFailure))]
public sealed class TraceBrokenPipeCommand : DisplayCmdlet, IDisposable
{
    private const double LongestTime = 365 * 86_400;
    private const int HighestPort = 65_535;

    private readonly CancellationTokenSource _stop = new();

    /// <summary>How long to trace. A plain number means seconds.</summary>
    [Parameter]
    [Seconds]
    [ValidateSeconds(0, LongestTime)]
    public TimeSpan? Duration { get; set; }

    /// <summary>The names of the selected programs.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProcessNameCompleter))]
    public string[]? ProcessName { get; set; }

    /// <summary>The ids of the selected processes.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int[] ProcessId { get; set; } = [];

    /// <summary>The ports of the selected TCP connections, at either end.</summary>
    [Parameter]
    [ValidateRange(1, HighestPort)]
    public int[] Port { get; set; } = [];

    /// <summary>Also reports connections that ended abnormally although no call failed.</summary>
    [Parameter]
    public SwitchParameter IncludeClosed { get; set; }

    /// <summary>The network namespace of the selected programs: the id of a process in it, or a path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NetworkNamespaceCompleter))]
    public string? NetworkNamespace { get; set; }

    /// <summary>The interface on which packets are captured during the trace.</summary>
    [Parameter]
    [Alias("Interface")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string? InterfaceName { get; set; }

    /// <summary>Traces also on a kernel before Linux 6.3, on which this makes every system call of the machine slower.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Disposes the wait.</summary>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions
            {
                ProcessName = ProcessName is { } names ? name => names.Any(pattern => NamePattern.Matches(pattern, name)) : null,
                ProcessIds = ProcessId,
                Ports = Port,
                IncludeClosed = IncludeClosed,
                NetworkNamespace = NetworkNamespace,
                Force = Force,
            });
            if (trace.Limits is { } limits)
                WriteWarning(limits);
            if (trace.Lacks.Count > 0)
                WriteWarning($"this kernel lacks {string.Join("; ", trace.Lacks)}");
            using TracedAnalysis? packets = InterfaceName is null ? null : TracedAnalysis.Start(trace, SessionCaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = InterfaceName, NetworkNamespace = NetworkNamespace });
            WriteVerbose("The trace has started.");
            using IDisposable? key = ConsoleStopKey.Watch(Host, _stop.Cancel);
            foreach (TracedFailure failure in packets?.Run(Duration, _stop.Token) ?? trace.Run(Duration, _stop.Token))
                WriteObject(failure);
            if (trace.LeftOut is { } leftOut)
                WriteWarning(leftOut);
            if (trace.Lost > 0)
                WriteWarning(FormattableString.Invariant($"{trace.Lost} events were lost: the kernel wrote them faster than they were read"));
        }
        catch (LiveCaptureException e)
        {
            ThrowTerminatingError(CaptureProblem.From(e, InterfaceName!).ToErrorRecord(e));
        }
        catch (TraceException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
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
}
