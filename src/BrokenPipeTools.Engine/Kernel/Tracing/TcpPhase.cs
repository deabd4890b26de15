namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The states of a TCP socket, with the kernel's numbers (include/net/tcp_states.h).</summary>
internal enum TcpPhase
{
    Unknown = 0,
    Established = 1,
    SynSent = 2,
    SynReceived = 3,
    FinWait1 = 4,
    FinWait2 = 5,
    TimeWait = 6,
    Closed = 7,
    CloseWait = 8,
    LastAck = 9,
    Listen = 10,
    Closing = 11,
    NewSynReceived = 12,
}

/// <summary>Names of the states.</summary>
internal static class TcpPhaseNames
{
    /// <summary>Returns the name of a state as in RFC 9293, with underscores as in ss and the kernel; null for an unknown state.</summary>
    public static string? NameOf(TcpPhase phase) => phase switch
    {
        TcpPhase.Established => "ESTABLISHED",
        TcpPhase.SynSent => "SYN_SENT",
        TcpPhase.SynReceived or TcpPhase.NewSynReceived => "SYN_RECV",
        TcpPhase.FinWait1 => "FIN_WAIT1",
        TcpPhase.FinWait2 => "FIN_WAIT2",
        TcpPhase.TimeWait => "TIME_WAIT",
        TcpPhase.Closed => "CLOSE",
        TcpPhase.CloseWait => "CLOSE_WAIT",
        TcpPhase.LastAck => "LAST_ACK",
        TcpPhase.Listen => "LISTEN",
        TcpPhase.Closing => "CLOSING",
        _ => null,
    };
}
