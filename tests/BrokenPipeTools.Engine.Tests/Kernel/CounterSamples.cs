using System.Text;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Kernel;

/// <summary>The files of Linux 6.18 in a new network namespace; each value is the index of the counter in its line.</summary>
internal static class CounterSamples
{
    private const string TcpNames = "RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors";

    private const string TcpExtNames = """
        SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps LockDroppedIcmps ArpFilter TW
        TWRecycled TWKilled PAWSActive PAWSEstab BeyondWindow TSEcrRejected PAWSOldAck PAWSTimewait DelayedACKs DelayedACKLocked DelayedACKLost
        ListenOverflows ListenDrops TCPHPHits TCPPureAcks TCPHPAcks TCPLostRetransmit TCPTimeouts TCPAbortOnData TCPAbortOnClose TCPAbortOnMemory
        TCPAbortOnTimeout TCPAbortOnLinger TCPAbortFailed TCPMemoryPressures TCPMemoryPressuresChrono TCPSpuriousRTOs TCPMD5NotFound TCPMD5Unexpected
        TCPMD5Failure TCPBacklogDrop PFMemallocDrop TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail TCPOFOQueue TCPOFODrop
        TCPChallengeACK TCPSYNChallenge TCPFastOpenListenOverflow TCPToZeroWindowAdv TCPWantZeroWindowAdv TCPSynRetrans TCPACKSkippedPAWS
        TCPACKSkippedChallenge TCPWinProbe TCPKeepAlive TCPZeroWindowDrop TCPRcvQDrop TCPWqueueTooBig TCPAOBad
        """;

    public static byte[] Snmp { get; } = Encoding.ASCII.GetBytes($"Ip: Forwarding DefaultTTL\nIp: 2 64\n{Table("Tcp", TcpNames)}Udp: InDatagrams\nUdp: 7\n");

    public static byte[] NetStat { get; } = Encoding.ASCII.GetBytes($"{Table("TcpExt", TcpExtNames)}IpExt: InNoRoutes\nIpExt: 3\n");

    public static byte[] SockStat { get; } = "sockets: used 31\nTCP: inuse 7 orphan 1 tw 135 alloc 10 mem 2\nUDP: inuse 0 mem 9\n"u8.ToArray();

    private static string Table(string section, string names)
    {
        string[] words = names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return $"{section}: {string.Join(' ', words)}\n{section}: {string.Join(' ', words.Select((_, place) => place))}\n";
    }
}
