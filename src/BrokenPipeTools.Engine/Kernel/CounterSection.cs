namespace BrokenPipeTools.Kernel;

/// <summary>The parts of the kernel's files that contain counters of TCP.</summary>
internal static class CounterSection
{
    /// <summary>The line Tcp of <c>/proc/net/snmp</c>: the counters of RFC 4022.</summary>
    public const string Tcp = "Tcp";

    /// <summary>The line TcpExt of <c>/proc/net/netstat</c>: Linux's own counters.</summary>
    public const string TcpExt = "TcpExt";

    /// <summary>The line TCP of <c>/proc/net/sockstat</c>: current numbers of sockets.</summary>
    public const string SockStat = "sockstat";
}
