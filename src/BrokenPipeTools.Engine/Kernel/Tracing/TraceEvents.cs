namespace BrokenPipeTools.Kernel.Tracing;

/// <summary>The events that are traced, and the columns that are missing without each of them.</summary>
internal static class TraceEvents
{
    private const int SignalPipe = 13;
    private const string Tcp = "protocol==6";

    /// <summary>A filter for failures. EAGAIN, EINTR, EINPROGRESS and the kernel's own restarts (include/linux/errno.h) are not failures.</summary>
    private const string Failed = "ret<0 && ret!=-11 && ret!=-4 && ret!=-115 && ret>-512";

    /// <summary>A filter for stream sockets: TCP, MPTCP, and Unix-domain sockets.</summary>
    private const string Streams = "(protocol==6 || protocol==262 || family==1)";

    /// <summary>The events of socket calls. Without them, each exit of a system call has to be traced.</summary>
    public static IReadOnlyList<(string Name, string? Filter)> Calls { get; } =
    [
        ("sock/sock_send_length", $"{Failed} && {Streams}"),
        ("sock/sock_recv_length", $"(({Failed}) || ret==0) && {Streams}"),
    ];

    /// <summary>The events of sockets, with the columns of the record that each event provides.</summary>
    public static IReadOnlyList<(string Name, string? Filter, string Columns)> Sockets { get; } =
    [
        ("sock/inet_sock_set_state", Tcp, "addresses, Role, TcpState, ClosedBy"),
        ("sock/inet_sk_error_report", Tcp, "ErrorArmed"),
        ("tcp/tcp_receive_reset", null, "Reset"),
        ("tcp/tcp_destroy_sock", null, "CloseMethod"),
        ("tcp/tcp_send_reset", null, "ResetReason"),
        ("tcp/tcp_retransmit_skb", null, "Retransmissions"),
        ("signal/signal_generate", $"sig=={SignalPipe} || sig==9 || sig==15 || sig==11 || sig==6 || sig==2 || sig==7 || sig==8 || sig==4", "Signal"),
        ("sched/sched_process_exit", null, "CloseMethod"),
        ("sched/sched_process_exec", null, "CommandLine of short-lived processes"),
    ];

    /// <summary>The event of dropped packets; it explains a failure by a firewall of this host or by a full accept queue.</summary>
    public const string Drops = "skb/kfree_skb";

    /// <summary>The reasons of dropped packets that are traced, by the kernel's names.</summary>
    public static IReadOnlyList<string> DropReasons { get; } = ["NETFILTER_DROP", "TCP_LISTEN_OVERFLOW"];

    /// <summary>
    /// The system calls that are traced if the kernel does not have <see cref="Calls"/>: those that return EPIPE, ECONNRESET and similar errors.
    /// </summary>
    public static IReadOnlyList<string> SystemCalls { get; } = ["write", "writev", "sendto", "sendmsg", "sendmmsg", "sendfile64", "read", "readv", "recvfrom", "recvmsg", "connect"];

    /// <summary>A filter for the errors EPIPE, ECONNABORTED, ECONNRESET, ETIMEDOUT, ECONNREFUSED, EHOSTUNREACH and ENETUNREACH.</summary>
    public const string SystemCallFilter = "ret==-32 || ret==-103 || ret==-104 || ret==-110 || ret==-111 || ret==-113 || ret==-101";
}
