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

    /// <summary>How long it took to run it, in seconds, including the setup.</summary>
    public required double Duration { get; init; }

    /// <summary>The cause that the diagnosis should name; null if there are no packets to diagnose.</summary>
    public required Cause? Cause { get; init; }

    /// <summary>The calls that matter and their expected results: <c>C:send=ok C:send=EPIPE</c>.</summary>
    public required string Expected { get; init; }

    /// <summary>The observed results, in the same format.</summary>
    public required string Observed { get; init; }

    /// <summary>The cause of the last connection by the kernel's events alone; null if they were not traced, or no call failed.</summary>
    public required Cause? KernelCause { get; init; }

    /// <summary>The cause of the last connection by its packets and the kernel's events, as far as there are any; null without both.</summary>
    public required Cause? DiagnosedCause { get; init; }

    /// <summary>How it closed by the packets; null if none were captured.</summary>
    public required CloseState? State { get; init; }

    /// <summary>The side that closed, according to the packets; null if none were captured.</summary>
    public required ClosedBy? ClosedBy { get; init; }

    /// <summary>The closing in short, from the packets; null if none were captured.</summary>
    public required string? Sequence { get; init; }

    /// <summary>The capture, if it was kept.</summary>
    public required string? CapturePath { get; init; }

    /// <summary>Why there are no packets; null if there are.</summary>
    public required string? CaptureNote { get; init; }

    /// <summary>Why the kernel was not traced; null if it was.</summary>
    public required string? TraceNote { get; init; }

    /// <summary>The first difference from the expected results; null for none.</summary>
    public required string? Problem { get; init; }

    /// <summary>The summary of the scenario.</summary>
    public required string Summary { get; init; }

    /// <summary>Every call, in order.</summary>
    public required RecordList<SocketStep> Steps { get; init; }

    /// <summary>Each failed call with its reason, as the kernel has it; empty if it was not traced.</summary>
    public required RecordList<string> FailedCalls { get; init; }

    /// <summary>The record of each connection by the packets, in the order in which they began; empty if none were captured.</summary>
    public required RecordList<ConnectionClose> Connections { get; init; }

    /// <summary>By name, IPv4 before IPv6.</summary>
    public int CompareTo(ScenarioResult? other) => other is null
        ? 1
        : string.CompareOrdinal(Name, other.Name) is not 0 and var byName ? byName : Nullable.Compare(IPVersion, other.IPVersion);

    /// <summary>The result as one line: scenario, problem, cause, the connections, and the file if one was kept.</summary>
    public override string ToString() => DisplayText.Of(
        $"{Name}: {Problem ?? "passed"}"
        + (Cause is { } cause ? $", expected cause {cause}" : "")
        + (Connections.Count == 0 ? "" : $"; {Connections}")
        + (CapturePath is null ? "" : $" ({CapturePath})"));
}
