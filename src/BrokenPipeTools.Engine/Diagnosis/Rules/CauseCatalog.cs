using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Every cause, in the order in which the rules are tried; the first that fits is named. Causes that the packets prove directly come first (an ICMP
/// error, a refusal); then an end by a third party; then the acts of each side, from the particular to the general:
/// a RST after the peer's FIN is a write after its close before it is a host that lost its state, and a close without a byte that
/// comes again and again is a probe before it is a normal close.
/// </summary>
internal static class CauseCatalog
{
    public static IReadOnlyList<CauseRule> All { get; } =
    [
        new NetworkUnreachableRule(),
        new ConnectionRefusedRule(),
        new StalePortReuseRule(),
        new AcceptQueueOverflowRule(),
        new ConnectTimeoutRule(),
        new ZeroWindowStallRule(),
        new KeepAliveTimeoutRule(),
        new PathMtuBlackHoleRule(),
        new StateExpiredRule(),
        new SilentDropRule(),
        new MiddleboxResetRule(),
        new DataAfterOwnCloseRule(),
        new IdleTimeoutRule(),
        new EarlyResponseRule(),
        new WriteAfterPeerCloseRule(),
        new HalfCloseRule(),
        new HealthProbeRule(),
        new NormalCloseRule(),
        new UnreadDataDiscardedRule(),
        new PeerStateLostRule(),
        new AbortiveCloseRule(),
        new StillOpenRule(),
        new UndeterminedRule(),
    ];

    /// <summary>The same order, separately for each state: for a normal end only three rules need be tried.</summary>
    private static readonly CauseRule[][] ByState =
        [.. Enum.GetValues<CloseState>().Select(state => All.Where(rule => rule.States.Contains(state)).ToArray())];

    /// <summary>The cause of a connection's end.</summary>
    public static Finding Diagnose(CloseFacts facts)
    {
        foreach (CauseRule rule in CandidatesFor(facts))
        {
            if (rule.Judge(facts) is { } confidence)
                return new Finding(rule, Cap(confidence, facts), facts);
        }

        throw new InvalidOperationException("the last rule takes everything");
    }

    /// <summary>
    /// A rule of <see cref="CloseState.Reset"/> can rely on there being a RST to look at. If it is among the observations that
    /// the bounded log has left out, it is only known that it came.
    /// </summary>
    private static CauseRule[] CandidatesFor(CloseFacts facts) =>
        facts is { State: CloseState.Reset, ResetAt: < 0 } || StrayAnswer.IsReset(facts) ? [All[^1]] : ByState[(int)facts.State];

    /// <summary>Anything that the capture lacks lowers the confidence.</summary>
    private static Confidence Cap(Confidence confidence, CloseFacts facts) =>
        confidence == Confidence.High && (facts.IsCutShort ? facts.State != CloseState.Graceful : facts.IsPartial && !IsShownByLittle(facts.State))
            ? Confidence.Medium
            : confidence;

    /// <summary>Whether the segments that prove the state are all there, whatever else the capture lacks.</summary>
    private static bool IsShownByLittle(CloseState state) => state is CloseState.Refused or CloseState.Unanswered or CloseState.Open or CloseState.Graceful;
}
