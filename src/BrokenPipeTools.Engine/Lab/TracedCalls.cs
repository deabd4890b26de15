using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Lab;

/// <summary>The failed calls of a scenario beside those that the kernel's trace has.</summary>
internal sealed class TracedCalls
{
    private readonly IReadOnlyList<TracedFailure> _failures;

    /// <param name="steps">The calls with the results that the programs got.</param>
    /// <param name="failures">The failed calls as the kernel has them.</param>
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

    /// <summary>Each failed call with the record of it, paired by direction and errno, in order; null if the kernel has none.</summary>
    public IReadOnlyList<(SocketStep Step, TracedFailure? Failure)> Pairs { get; }

    /// <summary>The first call that the kernel must have and does not: getsockopt(SO_ERROR) has no event. Null for none.</summary>
    public SocketStep? Missing => Pairs.Where(pair => pair.Failure is null && DirectionOf(pair.Step.Call) != CallDirection.Status).Select(pair => pair.Step).FirstOrDefault();

    /// <summary>Returns the first failed call of a connection; of any if none is known to be the connection's, and null if no call failed.</summary>
    public TracedFailure? FirstOf(ConnectionClose? connection) => _failures.FirstOrDefault(failure => IsOf(failure, connection)) ?? (_failures.Count > 0 ? _failures[0] : null);

    /// <summary>Compares the kernel's cause with the promised one. Returns the difference; null for none, and if the kernel is not sure.</summary>
    public static string? Mismatch(TracedFailure? first, Cause? promised) =>
        first is not { Confidence: Confidence.High } || promised is not { } cause || first.Cause == cause || RefinedCause.IsMechanismOf(cause, first.Cause) || cause == Cause.StillOpen // its packets end before its calls
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
