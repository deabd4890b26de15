using System.CommandLine;
using System.IO.Enumeration;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>
/// <c>brokenpipe trace</c>: prints one record per failed call of any program, as it happens. Ctrl+C ends the trace and removes its trace instance from the
/// kernel.
/// </summary>
internal static class TraceCommand
{
    private const string Description = """
        Names the programs whose calls fail with EPIPE, ECONNRESET and similar errors, and the reason, from the kernel (Linux; without root with fewer details).

        sudo brokenpipe trace --format list
        sudo brokenpipe trace --process-name php-fpm --interface eth0 --duration 600

        The exit code is 1 if the kernel could not be traced, else 0, also after Ctrl+C.
        """;

    private const int Success = 0;
    private const int Failed = 1;
    private const double LongestTime = 365 * 86_400;

    public static Command Create()
    {
        Option<double?> duration = NumberOption.OptionalSeconds("--duration", "trace for this number of seconds, not until Ctrl+C", 0, LongestTime);
        Option<string[]> names = new("--process-name") { Description = "only programs of this name, * and ? allowed (may be given again)", HelpName = "NAME" };
        Option<int[]> ids = NumberOption.Several("--process-id", "PID", "only this process (may be given again)", 1, int.MaxValue);
        Option<int[]> ports = NumberOption.Several("--port", "PORT", "only TCP connections with this port at either end (may be given again)", 1, ushort.MaxValue);
        Option<bool> closed = new("--include-closed") { Description = "also connections that ended abnormally without a failed call" };
        Option<string?> place = new("--network-namespace") { Description = "only programs in this network namespace: the id of a process in it, or (as root) a path such as /run/netns/blue", HelpName = "NAMESPACE" };
        Option<string?> device = new("--interface", "-i") { Description = "capture on this interface too: each record has the packets of its connection after the connection has ended", HelpName = "NAME" };
        Option<bool> force = new("--force") { Description = "on kernels before Linux 6.3: trace every system call of the machine, which slows all of them" };
        Option<OutputFormat> format = FormatOption.Create();
        Command command = new("trace", Description) { duration, names, ids, ports, closed, place, device, force, format };
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            string[] wanted = result.GetValue(names) ?? [];
            BrokenPipeTraceOptions options = new()
            {
                ProcessName = wanted.Length == 0 ? null : name => wanted.Any(one => FileSystemName.MatchesSimpleExpression(one, name)),
                ProcessIds = result.GetValue(ids) ?? [],
                Ports = result.GetValue(ports) ?? [],
                IncludeClosed = result.GetValue(closed),
                NetworkNamespace = result.GetValue(place),
                Force = result.GetValue(force),
            };
            TimeSpan? time = result.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            return Run(options, wanted, result.GetValue(device), time, new ObjectWriter<TracedFailure>(result.GetValue(format), output, TraceShape.Failure), cancellation);
        }));
        return command;
    }

    /// <summary>Describes the trace: the programs and ports that were asked for, and the interface.</summary>
    internal static string Activity(BrokenPipeTraceOptions options, string[] names, string? device)
    {
        string[] programs = [.. names, .. options.ProcessIds.Select(id => $"process {id}")];
        return "tracing failed calls of " + (programs.Length == 0 ? "all programs" : string.Join(", ", programs))
            + (options.Ports.Count == 0 ? "" : $" on port {string.Join(", ", options.Ports)}")
            + (options.NetworkNamespace is { Length: > 0 } place ? $" in network namespace {place}" : "")
            + (device is null ? "" : $" and capturing on {device}");
    }

    private static int Run(BrokenPipeTraceOptions options, string[] names, string? device, TimeSpan? duration, ObjectWriter<TracedFailure> writer, CancellationToken cancellation)
    {
        try
        {
            using BrokenPipeTrace trace = BrokenPipeTrace.Start(options);
            if (trace.Limits is { } limits)
                StandardError.WriteLine($"brokenpipe: warning: {limits}");
            if (trace.Lacks.Count > 0)
                StandardError.WriteLine($"brokenpipe: warning: this kernel lacks {string.Join("; ", trace.Lacks)}");
            using TracedAnalysis? packets = device is null ? null : TracedAnalysis.Start(trace, CaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = device, NetworkNamespace = options.NetworkNamespace });
            RunningNotice.Show(Activity(options, names, device), duration);
            writer.Begin();
            foreach (TracedFailure failure in packets?.Run(duration, cancellation) ?? trace.Run(duration, cancellation))
                writer.Write(failure);
            if (trace.LeftOut is { } leftOut)
                StandardError.WriteLine($"brokenpipe: warning: {leftOut}");
            if (trace.Lost > 0)
                StandardError.WriteLine(FormattableString.Invariant($"brokenpipe: warning: {trace.Lost} events were lost: the kernel wrote them faster than they were read"));
            return Success;
        }
        catch (LiveCaptureException e)
        {
            CaptureProblem problem = CaptureProblem.From(e, device!);
            StandardError.WriteLine($"brokenpipe: {problem.Id}: {problem.Message}");
            return Failed;
        }
        catch (TraceException e)
        {
            StandardError.WriteLine($"brokenpipe: {e.Id}: {e.Message}");
            return Failed;
        }
    }
}
