namespace BrokenPipeTools.Reports;

/// <summary>
/// The properties of each report in the order of list views, one per line: first the result, then what it is based on, then the properties that
/// identify the report, and last the numbers.
/// </summary>
public static class ReadingOrder
{
    /// <summary>The properties of <see cref="Reports.ConnectionClose"/>.</summary>
    public static IReadOnlyList<string> ConnectionClose { get; } =
    [
        "Explanation", "Advice", "Cause", "Confidence", "Alternatives", "CaptureQuality", "State", "ClosedBy", "Sequence",
        "Connect", "ClientRead", "ClientWrite", "ServerRead", "ServerWrite", "BrokenPipe", "ClientUnacked", "ServerUnacked",
        "ClientCloseReason", "ServerCloseReason", "Evidence", "Events", "Errors", "Path", "Stream", "WiresharkFilter", "RelatedStream",
        "ClientAddress", "ClientPort", "ServerAddress", "ServerPort", "ServerName", "OpenerKnown", "StartTime", "EndTime", "Duration",
        "MaxGap", "IdleBeforeClose", "PayloadIdleBeforeClose", "HalfClosedFor", "FirstFrame", "LastFrame", "ClientFinFrame", "ServerFinFrame",
        "ClientResetFrame", "ServerResetFrame", "Packets", "ClientPackets", "ServerPackets", "ClientBytes", "ServerBytes",
        "ClientRetransmissions", "ServerRetransmissions", "Duplicates", "ZeekState", "ZeekHistory", "Completeness", "CommunityId",
    ];

    /// <summary>The properties of <see cref="Reports.ConnectionComparison"/>.</summary>
    public static IReadOnlyList<string> ConnectionComparison { get; } =
    [
        "Explanation", "Verdict", "Confidence", "Sender", "FirstLostFrame", "Packets", "ClockOffset", "NearClient", "ClientAddress",
        "ClientPort", "ServerAddress", "ServerPort", "ReferenceStream", "DifferenceStream", "Reference", "Difference",
    ];

    /// <summary>The properties of <see cref="Reports.SummaryLine"/>.</summary>
    public static IReadOnlyList<string> SummaryLine { get; } =
    [
        "Group", "Name", "Count", "Share", "Troubled", "ReferenceCount", "ReferenceShare", "Change", "Examples", "StartTime", "EndTime",
    ];

    /// <summary>The properties of <see cref="Reports.TeardownTest"/>.</summary>
    public static IReadOnlyList<string> TeardownTest { get; } =
    [
        "Explanation", "Advice", "Cause", "Confidence", "Alternatives", "KnownTimer", "Status", "Error", "State", "ClosedBy",
        "Mechanism", "ClosedAfter", "SafeIdleSeconds", "ReadAfterClose", "FirstWriteAfterClose", "SecondWriteAfterClose", "BrokenPipe", "Steps",
        "Connection", "CaptureNote", "ComputerName", "Address", "Port", "Probe", "Iteration", "StartTime", "Duration",
        "ConnectTime", "ResetAfter", "BytesReceived", "Requests", "TlsCloseNotify", "TcpState",
    ];

    /// <summary>The properties of <see cref="Reports.ScenarioResult"/>.</summary>
    public static IReadOnlyList<string> ScenarioResult { get; } =
    [
        "Name", "Passed", "Problem", "Cause", "DiagnosedCause", "KernelCause", "Expected", "Observed", "State", "ClosedBy", "Sequence", "Steps",
        "FailedCalls", "Connections", "Summary", "IPVersion", "Duration", "CapturePath", "CaptureNote", "TraceNote",
    ];

    /// <summary>The properties of the records of a kernel trace.</summary>
    public static IReadOnlyList<string> TracedFailure { get; } =
    [
        "Explanation", "Advice", "Process", "ProcessId", "ThreadId", "Direction", "Errno", "Signal", "Cause", "Confidence", "Evidence", "Quality",
        "Connection", "ClosedBy", "CloseMethod", "ClosedByProcess", "ClosedBefore", "Reset", "ResetReason", "ResetBefore", "ErrorArmed",
        "Kind", "LocalAddress", "LocalPort", "RemoteAddress", "RemotePort", "Role", "TcpState", "Retransmissions",
        "CommandLine", "ContainerId", "SocketCookie", "Time",
    ];
}
