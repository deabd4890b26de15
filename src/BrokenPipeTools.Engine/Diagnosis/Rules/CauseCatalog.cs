using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// Lists every cause in the order in which the rules are tried; the first rule that fits gives the result. First come causes that the packets prove
/// directly (an ICMP error, a refusal), then causes outside the two sides, then the acts of each side. Special causes come before general ones: a RST
/// after the peer's FIN is a write after its close rather than a host that lost its state, and a periodic close without payload is a probe rather
/// than a normal close.
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

    /// <summary>The rules for each state, in the same order. For a normal close only three rules need to be tried.</summary>
    private static readonly CauseRule[][] ByState =
        [.. Enum.GetValues<CloseState>().Select(state => All.Where(rule => rule.States.Contains(state)).ToArray())];

    /// <summary>Finds the cause of a connection's end.</summary>
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
    /// Returns the rules to try. The rules of <see cref="CloseState.Reset"/> need a RST in the log. If the log was full before the RST, only the last
    /// rule remains.
    /// </summary>
    private static CauseRule[] CandidatesFor(CloseFacts facts) =>
        facts is { State: CloseState.Reset, ResetAt.Exists: false } || StrayAnswer.IsReset(facts) ? [All[^1]] : ByState[(int)facts.State];

    /// <summary>Lowers the confidence if packets are missing from the capture.</summary>
    public static Confidence Cap(Confidence confidence, CloseFacts facts) =>
        confidence == Confidence.High && (facts.IsCutShort ? facts.State != CloseState.Graceful : facts.IsPartial && !IsShownByLittle(facts.State) || NamesUnclearSide(facts) || (facts.Connection.IsSubflow && !SubflowRemark.IsEndKnown(facts.Connection)))
            ? Confidence.Medium
            : confidence;

    /// <summary>Returns whether the record names a side that closed, although it is not known which side is the client.</summary>
    private static bool NamesUnclearSide(CloseFacts facts) => facts.IsClientUnclear && facts.ClosedBy is ClosedBy.Client or ClosedBy.Server;

    /// <summary>Returns whether few segments prove the state, so that it does not matter if other packets are missing.</summary>
    private static bool IsShownByLittle(CloseState state) => state is CloseState.Refused or CloseState.Unanswered or CloseState.Open or CloseState.Graceful;
}
