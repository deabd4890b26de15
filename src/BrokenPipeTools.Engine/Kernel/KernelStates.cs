using System.Net.NetworkInformation;

namespace BrokenPipeTools.Kernel;

/// <summary>The states of include/net/tcp_states.h.</summary>
internal static class KernelStates
{
    private const byte NewSynReceived = 12; // TCP_NEW_SYN_RECV: a handshake that has no full socket yet

    private static readonly TcpState[] States =
    [
        TcpState.Unknown, TcpState.Established, TcpState.SynSent, TcpState.SynReceived, TcpState.FinWait1, TcpState.FinWait2,
        TcpState.TimeWait, TcpState.Closed, TcpState.CloseWait, TcpState.LastAck, TcpState.Listen, TcpState.Closing,
    ];

    /// <summary>Returns the state for a number of the kernel; null if the number is not a state.</summary>
    public static TcpState? State(byte number) => number == NewSynReceived ? TcpState.SynReceived : number > 0 && number < States.Length ? States[number] : null;

    /// <summary>Returns the name of a state as in ss(8), netstat(8) and RFC 9293.</summary>
    public static string NameOf(TcpState state) => state switch
    {
        TcpState.Established => "ESTABLISHED",
        TcpState.SynSent => "SYN_SENT",
        TcpState.SynReceived => "SYN_RECV",
        TcpState.FinWait1 => "FIN_WAIT_1",
        TcpState.FinWait2 => "FIN_WAIT_2",
        TcpState.TimeWait => "TIME_WAIT",
        TcpState.CloseWait => "CLOSE_WAIT",
        TcpState.LastAck => "LAST_ACK",
        TcpState.Listen => "LISTEN",
        TcpState.Closing => "CLOSING",
        _ => "CLOSED",
    };
}
