namespace BrokenPipeTools.Kernel;

/// <summary>The parts of the kernel's files that have counters of TCP.</summary>
internal static class CounterSection
{
    /// <summary>The line of <c>/proc/net/snmp</c>: the counters of RFC 4022.</summary>
    public const string Tcp = "Tcp";

    /// <summary>The line of <c>/proc/net/netstat</c>: Linux's own.</summary>
    public const string TcpExt = "TcpExt";

    /// <summary>The line of TCP in <c>/proc/net/sockstat</c>: current numbers of sockets.</summary>
    public const string SockStat = "sockstat";
}
