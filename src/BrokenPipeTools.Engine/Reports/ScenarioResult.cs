using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Reports;

/// <summary>The expected and the observed results of a scenario on this platform.</summary>
public sealed class ScenarioResult : INaturalOrder<ScenarioResult>
{
    /// <summary>The scenario.</summary>
    public required string Name { get; init; }

    /// <summary>Whether every call returned, and every connection closed, as expected.</summary>
    public bool Passed => Problem is null;

    /// <summary>4 or 6; null if no network was used (pipes, Unix-domain sockets).</summary>
    public required int? IPVersion { get; init; }

    /// <summary>The duration of the run in seconds, including the setup.</summary>
    public required double Duration { get; init; }

    /// <summary>The cause that the diagnosis should name; null if there are no packets to diagnose.</summary>
    public required Cause? Cause { get; init; }

    /// <summary>The important calls and their expected results: C:send=ok C:send=EPIPE.</summary>
    public required string Expected { get; init; }

    /// <summary>The observed results, in the same format.</summary>
    public required string Observed { get; init; }

    /// <summary>The cause of the last connection, from the kernel's events alone; null if they were not traced, or no call failed.</summary>
    public required Cause? KernelCause { get; init; }

    /// <summary>The cause of the last connection, from its packets and the kernel's events, as far as they are available; null without both.</summary>
    public required Cause? DiagnosedCause { get; init; }

    /// <summary>The state at the end, from the packets; null if none were captured.</summary>
    public required CloseState? State { get; init; }

    /// <summary>The side that closed, according to the packets; null if none were captured.</summary>
    public required ClosedBy? ClosedBy { get; init; }

    /// <summary>The closing in short, from the packets; null if none were captured.</summary>
    public required string? Sequence { get; init; }

    /// <summary>The file with the packets; null if they were not kept.</summary>
    public required string? CapturePath { get; init; }

    /// <summary>The reason why there are no packets; null if there are.</summary>
    public required string? CaptureNote { get; init; }

    /// <summary>The reason why the kernel was not traced; null if it was.</summary>
    public required string? TraceNote { get; init; }

    /// <summary>The first difference from the expected results; null for none.</summary>
    public required string? Problem { get; init; }

    /// <summary>The summary of the scenario.</summary>
    public required string Summary { get; init; }

    /// <summary>Every call, in order.</summary>
    public required RecordList<SocketStep> Steps { get; init; }

    /// <summary>Each failed call with its reason, from the kernel's trace; empty if it was not traced.</summary>
    public required RecordList<string> FailedCalls { get; init; }

    /// <summary>The record of each connection, from the packets, in the order in which they began; empty if none were captured.</summary>
    public required RecordList<ConnectionClose> Connections { get; init; }

    /// <summary>Compares by name, IPv4 before IPv6.</summary>
    public int CompareTo(ScenarioResult? other) => other is null
        ? 1
        : string.CompareOrdinal(Name, other.Name) is not 0 and var byName ? byName : Nullable.Compare(IPVersion, other.IPVersion);

    /// <summary>Returns the result as one line: scenario, problem, cause, the connections, and the file if one was kept.</summary>
    public override string ToString() => DisplayText.Of(
        $"{Name}: {Problem ?? "passed"}"
        + (Cause is { } cause ? $", expected cause {cause}" : "")
        + (Connections.Count == 0 ? "" : $"; {Connections}")
        + (CapturePath is null ? "" : $" ({CapturePath})"));
}
