using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Lab;

/// <summary>Compares the failed calls of a scenario with those in the kernel's trace.</summary>
internal sealed class TracedCalls
{
    private readonly IReadOnlyList<TracedFailure> _failures;

    /// <param name="steps">The calls, with the results that they returned.</param>
    /// <param name="failures">The failed calls in the kernel's trace.</param>
    public TracedCalls(IEnumerable<SocketStep> steps, IReadOnlyList<TracedFailure> failures)
    {
        _failures = failures;
        List<TracedFailure> left = [.. failures];
        List<(SocketStep, TracedFailure?)> pairs = [];
        foreach (SocketStep step in steps.Where(step => step.Side != StepSide.Network && IsFailure(step.Result)))
        {
            TracedFailure? found = left.FirstOrDefault(failure => failure.Errno == step.Result && failure.Direction == DirectionOf(step.Call));
            if (found is not null)
                left.Remove(found);
            pairs.Add((step, found));
        }

        Pairs = pairs;
    }

    /// <summary>
    /// Each failed call with its record in the trace. They are paired by direction and errno, in order. The record is null if the trace has none.
    /// </summary>
    public IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> Pairs { get; }

    /// <summary>
    /// The first failed call that should be in the trace and is not; null if there is none. getsockopt(SO_ERROR) is left out, because it has no
    /// event.
    /// </summary>
    public SocketStep? Missing => Pairs.Where(pair => pair.Failure is null && DirectionOf(pair.Step.Call) != CallDirection.Status).Select(pair => pair.Step).FirstOrDefault();

    /// <summary>
    /// Returns the first failed call of a connection. If no call is known to belong to the connection, returns the first failed call of any
    /// connection. Null if no call failed.
    /// </summary>
    public TracedFailure? FirstOf(ConnectionClose? connection) => _failures.FirstOrDefault(failure => IsOf(failure, connection)) ?? (_failures.Count > 0 ? _failures[0] : null);

    /// <summary>
    /// Compares the cause in the trace with the expected one. Returns the difference; null if there is none, or if the cause in the trace is not
    /// certain.
    /// </summary>
    public static string? Mismatch(TracedFailure? first, Cause? promised) =>
        first is not { Confidence: Confidence.High } || promised is not { } cause || first.Cause == cause || RefinedCause.IsMechanismOf(cause, first.Cause) || cause == Cause.StillOpen // the packets of the connection end before its calls do
            ? null
            : $"the kernel's trace gives {first.Cause} for {first.Direction} {first.Errno}, not {cause}: {first.Explanation}";

    private static bool IsOf(TracedFailure failure, ConnectionClose? connection) => connection is not null
        && ((failure.LocalPort == connection.ClientPort && failure.RemotePort == connection.ServerPort) || (failure.LocalPort == connection.ServerPort && failure.RemotePort == connection.ClientPort));

    private static bool IsFailure(string result) => result.StartsWith('E') && result is not ("EOF" or "EAGAIN" or "EINPROGRESS" or "EINTR");

    private static CallDirection DirectionOf(string call) => call switch
    {
        _ when call.StartsWith("connect", StringComparison.Ordinal) => CallDirection.Connect,
        _ when call.StartsWith("send", StringComparison.Ordinal) || call.StartsWith("write", StringComparison.Ordinal) => CallDirection.Write,
        _ when call.StartsWith("recv", StringComparison.Ordinal) || call.StartsWith("read", StringComparison.Ordinal) => CallDirection.Read,
        _ when call.StartsWith("getsockopt", StringComparison.Ordinal) => CallDirection.Status,
        _ => CallDirection.None,
    };
}
