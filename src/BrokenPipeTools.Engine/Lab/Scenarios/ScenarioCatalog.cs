namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>Every scenario, from normal closes to faults that only a firewall causes.</summary>
internal static class ScenarioCatalog
{
    /// <summary>All scenarios.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        // normal closes
        new NormalCloseScenario(),
        new HalfCloseScenario(),
        new SimultaneousCloseScenario(),

        // the peer closed, and this side continues to write
        new WriteAfterCloseScenario(),
        new WriteBurstAfterCloseScenario(),
        new WriteAfterCloseUnreadAnswerScenario(),
        new SlowClientScenario(),
        new KeepAliveRaceScenario(),
        new PeerKilledScenario(),
        new OrphanResetScenario(),

        // the peer reset
        new ResetOnAcceptScenario(),
        new ResetOnAcceptWriteFirstScenario(),
        new ErrorTakenScenario(),
        new ResetAfterFinScenario(),
        new ResetWhileHalfClosedScenario(),
        new SlowClientResetScenario(),
        new ResetBeforeAcceptScenario(),
        new ListenerClosedScenario(),
        new HealthProbeScenario(),

        // the peer closed with unread data
        new CloseWithUnreadDataScenario(),
        new CloseWithUnreadDataAfterAnswerScenario(),
        new EarlyResponseScenario(),
        new PeerKilledWithUnreadDataScenario(),
        new PeerShutsDownReadingScenario(),
        new ZeroWindowPeerClosesScenario(),

        // the program's own fault
        new WriteAfterOwnShutdownScenario(),
        new LateDataAfterOwnShutdownScenario(),

        // no connection was established, or an old one used the ports
        new ConnectionRefusedScenario(),
        new ConnectionRefusedNonBlockingScenario(),
        new AcceptQueueOverflowScenario(),
        new PortReuseScenario(),

        // the system gave up
        new ZeroWindowTimeoutScenario(),

        // a device between the two: a firewall, a router, an attacker (root)
        new FirewallDropScenario(),
        new FirewallResetScenario(),
        new FirewallResetOnConnectScenario(),
        new ConnectTimeoutScenario(),
        new IcmpRejectScenario(),
        new IcmpWhileConnectedScenario(),
        new StateExpiredDropScenario(),
        new StateExpiredResetScenario(),
        new NatStateLostScenario(),
        new InjectedResetScenario(),
        new InjectedResetInWindowScenario(),
        new LocalFirewallScenario(),

        // a host that crashes, restarts, or loses its state (root)
        new KeepAliveDeadPathScenario(),
        new PeerVanishesScenario(),
        new PeerHostDownScenario(),
        new HalfOpenPortReuseScenario(),
        new AcceptQueueOverflowResetScenario(),
        new ConnectionKilledScenario(),
        new OrphanExpiredScenario(),

        // packets that cross on a slow path (root)
        new WriteBurstOverDelayScenario(),
        new DataCrossesCloseScenario(),
        new CrossedFinsScenario(),
        new RequestCrossesIdleCloseScenario(),
        new EarlyResponseOverDelayScenario(),

        // without packets
        new PipeReaderGoneScenario(),
        new UnixPeerClosedScenario(),
        new UnixPeerClosedWithUnreadDataScenario(),
    ];
}
