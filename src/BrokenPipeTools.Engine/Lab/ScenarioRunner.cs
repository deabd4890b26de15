using System.Diagnostics;
using System.Net.Sockets;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Lab;

/// <summary>Runs a scenario and compares its results with the expected ones.</summary>
internal static class ScenarioRunner
{
    /// <summary>The most attempts of one scenario on a machine that stalls.</summary>
    private const int Attempts = 5;

    /// <summary>
    /// The shortest stall that can change a result. A scenario makes its calls in a certain order with the kernel's own timers, of which the
    /// shortest are a delayed acknowledgment (40 ms, TCP_DELACK_MIN) and a retransmission or window probe (200 ms, TCP_RTO_MIN).
    /// </summary>
    private static readonly TimeSpan ShortestStall = TimeSpan.FromMilliseconds(40);

    /// <summary>
    /// Runs a scenario. When the method returns or throws, everything that was made for the scenario has been removed. If the result is not the expected
    /// one and this machine stalled meanwhile, a timer of the kernel may have been first: the scenario is run again.
    /// </summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    /// <exception cref="IOException">The capture cannot be written to <see cref="ScenarioOptions.CapturePath"/>, and no callback is set
    /// (<see cref="ScenarioOptions.CaptureFailed"/>).</exception>
    /// <exception cref="UnauthorizedAccessException">The capture may not be written there, and no callback is set.</exception>
    public static ScenarioResult Run(Scenario scenario, ScenarioOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(options);
        ICaptureLibrary? library = scenario.Packets.Count > 0 ? options.CaptureLibrary : null;
        if (library is not null && !MakeFolder(options))
            options = options with { CapturePath = null };
        return Undisturbed(() =>
        {
            ScenarioResult result;
            StallWatch stall = new();
            using (stall)
                result = RunOnce(scenario, options, library, cancellation);
            return (result, stall.Longest);
        }, result => result.Problem is not null);
    }

    /// <summary>Returns the first result without a problem, or with a problem that no stall can have caused; the last one of several attempts otherwise.</summary>
    internal static T Undisturbed<T>(Func<(T Result, TimeSpan Stall)> run, Func<T, bool> hasProblem)
    {
        for (int attempt = 1; ; attempt++)
        {
            (T result, TimeSpan stall) = run();
            if (!hasProblem(result) || stall < ShortestStall || attempt == Attempts)
                return result;
        }
    }

    private static ScenarioResult RunOnce(Scenario scenario, ScenarioOptions options, ICaptureLibrary? library, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        using ScenarioContext context = new(NetworkFor(scenario, options), library, $"{scenario.Name}: {scenario.Summary}", cancellation);
        options.Trace?.Begin();
        string? problem = RunToEnd(scenario, context);
        TimeSpan duration = Stopwatch.GetElapsedTime(begin);
        IReadOnlyList<TracedFailure> failures = options.Trace?.End() ?? [];

        byte[]? packets = context.Capture?.End();
        string? path = packets is null ? null : Keep(packets, scenario, options);
        IReadOnlyList<ConnectionClose> connections = packets is null ? [] : Analyze(packets, path ?? scenario.Name);
        IReadOnlyList<SocketStep> steps = context.Trace.Steps;
        ConnectionClose? last = connections.Count > 0 ? connections[^1] : null;
        TracedCalls calls = new(steps, failures);
        TracedFailure? first = calls.FirstOf(last);
        string? traceNote = NoteOf(options.Trace);
        return new ScenarioResult
        {
            Name = scenario.Name,
            Summary = scenario.Summary,
            IPVersion = scenario.Packets.Count == 0 ? null : options.IPv6 ? 6 : 4,
            Duration = duration.TotalSeconds,
            Cause = scenario.ExpectedCause,
            Expected = Describe(steps, step => step.Expected!),
            Observed = Describe(steps, step => step.Result),
            KernelCause = first?.Cause,
            DiagnosedCause = last is not null && first is not null ? RefinedCause.Of(last, first.Cause, first.Confidence, connections.Count(one => one.Cause == last.Cause) > 1).Cause : last?.Cause ?? first?.Cause,
            State = last?.State,
            ClosedBy = last?.ClosedBy,
            Sequence = last?.Sequence,
            CapturePath = path,
            CaptureNote = packets is not null ? null : NoteOf(scenario, options, context),
            TraceNote = traceNote,
            Problem = problem ?? Unexpected(steps) ?? (packets is null ? null : Mismatch(scenario, connections)) ?? (traceNote is null ? Mismatch(scenario, calls, first) : null),
            Steps = [.. steps],
            FailedCalls = [.. failures.Select(failure => $"{failure.Explanation} {failure.Cause} ({failure.Confidence})")],
            Connections = [.. connections],
        };
    }

    private static TestNetwork NetworkFor(Scenario scenario, ScenarioOptions options)
    {
        AddressFamily family = options.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return scenario is RoutedScenario routed ? routed.NetworkFor(family) : new LoopbackNetwork(family);
    }

    /// <summary>Runs the scenario to its end. Returns the error that ended it early; null if there was none.</summary>
    private static string? RunToEnd(Scenario scenario, ScenarioContext context)
    {
        try
        {
            context.SetUp();
            scenario.Run(context);
            return null;
        }
        catch (Exception e) when (e is SocketException or TimeoutException or InvalidOperationException or IOException)
        {
            return Unexpected(context.Trace.Steps) is { } unexpected ? $"{unexpected}; then {e.Message}" : e.Message;
        }
    }

    private static string? Unexpected(IReadOnlyList<SocketStep> steps)
    {
        SocketStep? unexpected = steps.FirstOrDefault(step => !step.AsExpected);
        return unexpected is null ? null : Describe(unexpected);
    }

    private static string Describe(SocketStep step) => $"step {step.Number}: {step.Side} {step.Call} returned {step.Result}, not {step.Expected}";

    private static string Describe(IReadOnlyList<SocketStep> steps, Func<SocketStep, string> result) =>
        string.Join(' ', steps.Where(step => step.Expected is not null).Select(step => $"{step.Side.ToString()[0]}:{ShortCall(step.Call)}={result(step)}"));

    private static string ShortCall(string call) => call.Split('(', ' ', ',')[0];

    private static string? Mismatch(Scenario scenario, IReadOnlyList<ConnectionClose> connections)
    {
        if (connections.Count != scenario.Packets.Count)
            return $"{connections.Count} connections in the packets, not {scenario.Packets.Count}";
        return scenario.Packets.Zip(connections, (expected, seen) => expected.Mismatch(seen)).FirstOrDefault(mismatch => mismatch is not null);
    }

    private static string? Mismatch(Scenario scenario, TracedCalls calls, TracedFailure? first) =>
        calls.Missing is { } missing ? $"step {missing.Number}: {missing.Side} {missing.Call} returned {missing.Result}, but the kernel's trace does not have this call" : TracedCalls.Mismatch(first, scenario.ExpectedCause);

    private static string? NoteOf(ScenarioTrace? trace) => trace switch
    {
        null => "not requested",
        { Note: { } note } => note,
        { Lost: > 0 } => $"{trace.Lost} events were lost",
        _ => null,
    };

    private static string NoteOf(Scenario scenario, ScenarioOptions options, ScenarioContext context)
    {
        if (scenario.Packets.Count == 0)
            return "no packets are sent";
        return options.CaptureLibrary is not null ? context.Capture?.Problem ?? "the capture ended before the first packet" : "not requested";
    }

    private static IReadOnlyList<ConnectionClose> Analyze(byte[] packets, string name)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(packets), name));
        List<ConnectionClose> connections = [];
        while (analyzer.TryNext(out ConnectionClose? connection))
            connections.Add(connection);
        return [.. connections.OrderBy(connection => connection.Stream)];
    }

    /// <summary>Makes the folder before any scenario is run. If the packets cannot be written, the user sees the error immediately.</summary>
    private static bool MakeFolder(ScenarioOptions options) =>
        options.CapturePath is null || TryWrite(options.CapturePath, options, folder => Directory.CreateDirectory(folder));

    private static string? Keep(byte[] packets, Scenario scenario, ScenarioOptions options)
    {
        if (options.CapturePath is null)
            return null;
        string path = Path.Combine(options.CapturePath, $"{scenario.Name}{(options.IPv6 ? "-ipv6" : "")}.pcapng");
        return TryWrite(path, options, file => Write(file, packets)) ? path : null;
    }

    private static void Write(string path, byte[] packets)
    {
        using FileStream file = PrivateFile.Create(path, overwrite: true);
        file.Write(packets);
    }

    private static bool TryWrite(string path, ScenarioOptions options, Action<string> write)
    {
        try
        {
            write(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException && options.CaptureFailed is not null)
        {
            options.CaptureFailed(path, e);
            return false;
        }
    }
}
