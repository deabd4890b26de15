using BrokenPipeTools.Scenarios.Faults;

namespace BrokenPipeTools.Scenarios;

/// <summary>Every scenario, in reading order: from normal closes to faults that only a firewall causes.</summary>
internal static class ScenarioCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        // nothing goes wrong
        new NormalClose(),
        new HalfClose(),
        new SimultaneousClose(),

        // the peer closed, and this side writes on
        new WriteAfterClose(),
        new WriteBurstAfterClose(),
        new WriteAfterCloseUnreadAnswer(),
        new SlowClient(),
        new KeepAliveRace(),
        new PeerKilled(),
        new OrphanReset(),

        // the peer reset
        new ResetOnAccept(),
        new ResetOnAcceptWriteFirst(),
        new ErrorTaken(),
        new ResetAfterFin(),
        new ResetWhileHalfClosed(),
        new SlowClientReset(),
        new ResetBeforeAccept(),
        new ListenerClosed(),
        new HealthProbe(),

        // the peer closed with unread data
        new CloseWithUnreadData(),
        new CloseWithUnreadDataAfterAnswer(),
        new EarlyResponse(),
        new PeerKilledWithUnreadData(),
        new PeerShutsDownReading(),
        new ZeroWindowPeerCloses(),

        // the program's own doing
        new WriteAfterOwnShutdown(),
        new LateDataAfterOwnShutdown(),

        // no connection came about, or an old one was in the way
        new ConnectionRefused(),
        new ConnectionRefusedNonBlocking(),
        new AcceptQueueOverflow(),
        new PortReuse(),

        // the system gave up
        new ZeroWindowTimeout(),

        // something between the two: a firewall, a router, a stranger (root)
        new FirewallDrop(),
        new FirewallReset(),
        new FirewallResetOnConnect(),
        new ConnectTimeout(),
        new IcmpReject(),
        new IcmpWhileConnected(),
        new StateExpiredDrop(),
        new StateExpiredReset(),
        new NatStateLost(),
        new InjectedReset(),
        new InjectedResetInWindow(),
        new LocalFirewall(),

        // a host that dies, restarts, or loses its memory (root)
        new KeepAliveDeadPath(),
        new PeerVanishes(),
        new PeerHostDown(),
        new HalfOpenPortReuse(),
        new AcceptQueueOverflowReset(),
        new ConnectionKilled(),
        new OrphanExpired(),

        // packets that cross on a slow path (root)
        new WriteBurstOverDelay(),
        new DataCrossesClose(),
        new CrossedFins(),
        new RequestCrossesIdleClose(),
        new EarlyResponseOverDelay(),

        // without packets
        new PipeReaderGone(),
        new UnixPeerClosed(),
        new UnixPeerClosedWithUnreadData(),
    ];

    /// <summary>The privilege or command that this process lacks to run a scenario, with the remedy; null if it can run.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="ipv6">Over IPv6 in place of IPv4.</param>
    public static string? Missing(Scenario scenario, bool ipv6 = false)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (scenario.Needs.HasFlag(ScenarioNeeds.Unix) && OperatingSystem.IsWindows())
            return "needs Linux or macOS";
        if (scenario is RoutedScenario routed)
            return routed.Missing(ipv6);
        if (scenario.Needs.HasFlag(ScenarioNeeds.Linux) && !OperatingSystem.IsLinux())
            return "needs Linux";
        return scenario.Packets.Count == 0 ? null : LoopbackNetwork.Missing(ipv6);
    }
}
