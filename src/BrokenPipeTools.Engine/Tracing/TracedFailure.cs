using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>A call of a program that failed on a TCP connection, a Unix-domain socket or a pipe, with the reason from the kernel's events.</summary>
public sealed record TracedFailure : INaturalOrder<TracedFailure>
{
    /// <summary>The time when the call returned (UTC).</summary>
    public required DateTime Time { get; init; }

    /// <summary>The program's name, as ps -o comm prints it; null if the process had ended before it could be read.</summary>
    public required string? Process { get; init; }

    /// <summary>The id of the process; null if only the thread's id is known.</summary>
    public required int? ProcessId { get; init; }

    /// <summary>The id of the thread that made the call; null if it is not known.</summary>
    public required int? ThreadId { get; init; }

    /// <summary>
    /// The program with its arguments. If the process had ended before the arguments could be read, only the path of the program; null if that is not
    /// known either.
    /// </summary>
    public required string? CommandLine { get; init; }

    /// <summary>The id of the program's container, from its cgroup: 64 hexadecimal digits; null if the program is not in a container.</summary>
    public required string? ContainerId { get; init; }

    /// <summary>The kind of call; <c>None</c> if no call failed (only with IncludeClosed).</summary>
    public required CallDirection Direction { get; init; }

    /// <summary>The error that the call returned, such as <c>EPIPE</c>; null if no call failed.</summary>
    public required string? Errno { get; init; }

    /// <summary>Whether the call raised SIGPIPE.</summary>
    public required PipeSignal Signal { get; init; }

    /// <summary>The kind of file that the call was made on.</summary>
    public required TracedKind Kind { get; init; }

    /// <summary>The address of this end; null for pipes and Unix-domain sockets, and if the connection ended before the trace began.</summary>
    public required string? LocalAddress { get; init; }

    /// <summary>The port of this end; null if <see cref="LocalAddress"/> is null.</summary>
    public required int? LocalPort { get; init; }

    /// <summary>The address of the other end; null if <see cref="LocalAddress"/> is null.</summary>
    public required string? RemoteAddress { get; init; }

    /// <summary>The port of the other end; null if <see cref="LocalAddress"/> is null.</summary>
    public required int? RemotePort { get; init; }

    /// <summary>Whether this end connected or accepted.</summary>
    public required EndpointRole Role { get; init; }

    /// <summary>The state of the socket when the call failed, such as <c>CLOSE_WAIT</c>; null if it is not known.</summary>
    public required string? TcpState { get; init; }

    /// <summary>The side that ended the connection first.</summary>
    public required FailureSide ClosedBy { get; init; }

    /// <summary>The way in which that side ended it.</summary>
    public required CloseMethod CloseMethod { get; init; }

    /// <summary>The program that ended the connection, such as curl[812]; null if it runs on another host.</summary>
    public required string? ClosedByProcess { get; init; }

    /// <summary>Seconds from the end of the connection to the failed call; null if the end was not traced.</summary>
    public required double? ClosedBefore { get; init; }

    /// <summary>The RST of this connection.</summary>
    public required TracedReset Reset { get; init; }

    /// <summary>The kernel's reason for the RST, such as TCP_ABORT_ON_CLOSE; null if another host or a firewall sent the RST.</summary>
    public required string? ResetReason { get; init; }

    /// <summary>Seconds from the RST to the failed call; null if there was no RST.</summary>
    public required double? ResetBefore { get; init; }

    /// <summary>The error that the kernel had set on the socket; null if there was none.</summary>
    public required string? ErrorArmed { get; init; }

    /// <summary>The number of segments that this end retransmitted during the trace; null if the socket is not known.</summary>
    public required int? Retransmissions { get; init; }

    /// <summary>The cookie of the socket (SO_COOKIE), which is unique on this host; null if it is not known.</summary>
    public required long? SocketCookie { get; init; }

    /// <summary>The cause of the end.</summary>
    public required Cause Cause { get; init; }

    /// <summary>How certain the cause is.</summary>
    public required Confidence Confidence { get; init; }

    /// <summary>The explanation, in two or three sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>The advice; empty if no action is needed.</summary>
    public required string Advice { get; init; }

    /// <summary>The kernel's events that prove the cause, in order of time.</summary>
    public required RecordList<string> Evidence { get; init; }

    /// <summary>The limits of this record, such as lost events, a connection that is older than the trace, or events that this kernel does not have.</summary>
    public required RecordList<string> Quality { get; init; }

    /// <summary>The packet record of the connection, if packets were captured during the trace and certainly belong to it; otherwise null.</summary>
    public ConnectionClose? Connection { get; init; }

    /// <summary>The kernel's name for the network namespace of the program; null if it is not known.</summary>
    internal string? Network { get; init; }

    /// <summary>Compares two failures by time, process and thread.</summary>
    public int CompareTo(TracedFailure? other) => other is null ? 1 : (Time, ProcessId ?? 0, ThreadId ?? 0).CompareTo((other.Time, other.ProcessId ?? 0, other.ThreadId ?? 0));

    /// <summary>Returns the failure in one line.</summary>
    public override string ToString() => DisplayText.Of(string.Create(CultureInfo.InvariantCulture, $"{Process}[{ProcessId ?? ThreadId}] {Direction} {Errno}: {Cause}"));
}
