using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Derives the verdict of an observation. A pure function: no socket, no clock.</summary>
internal sealed record TeardownVerdict
{
    public required TeardownStatus Status { get; init; }

    public required CloseState? State { get; init; }

    public required ClosedBy ClosedBy { get; init; }

    public required CloseMechanism Mechanism { get; init; }

    public required BrokenPipe BrokenPipe { get; init; }

    public required Cause Cause { get; init; }

    public required Confidence Confidence { get; init; }

    public required string KnownTimer { get; init; }

    public required string Explanation { get; init; }

    public required string Advice { get; init; }

    public required IReadOnlyList<Alternative> Alternatives { get; init; }

    public required double? SafeIdleSeconds { get; init; }

    public static TeardownVerdict Of(TeardownObservation seen)
    {
        CloseMechanism mechanism = seen.Connect is "ok" or null ? seen.Mechanism : ConnectJudgement.MechanismOf(seen);
        Judgement judgement = PacketJudgement.Better(seen, Judge(seen));
        IdleLimit idle = IdleLimit.Of(seen, judgement.Cause);
        return new TeardownVerdict
        {
            Status = StatusOf(seen, mechanism),
            State = StateOf(seen, mechanism),
            ClosedBy = ClosedByOf(seen, mechanism),
            Mechanism = mechanism,
            BrokenPipe = IsCutOff(seen, mechanism) ? BrokenPipe.Client : seen.Unread > 0 ? BrokenPipe.Server : BrokenPipe.None,
            Cause = judgement.Cause,
            Confidence = judgement.Confidence,
            KnownTimer = string.Join("; ", judgement.Timers.Select(timer => timer.Product)),
            Explanation = judgement.Explanation,
            Advice = judgement.Advice ?? idle.Advice ?? CauseAdvice.Of(judgement.Cause),
            Alternatives = judgement.Alternatives,
            SafeIdleSeconds = idle.Seconds,
        };
    }

    private static Judgement Judge(TeardownObservation seen) => seen switch
    {
        { Connect: not "ok" } => ConnectJudgement.Of(seen),
        { TlsError: not null } => OpenJudgement.WithoutTls(seen),
        { Probe: TeardownProbeKind.Connect, Mechanism: CloseMechanism.None } => ConnectJudgement.Connected(seen),
        { Mechanism: CloseMechanism.None } => OpenJudgement.Of(seen),
        _ when seen.Unread > 0 => OpenJudgement.Of(seen),
        _ => CloseJudgement.Of(seen),
    };

    private static TeardownStatus StatusOf(TeardownObservation seen, CloseMechanism mechanism) => seen switch
    {
        { Cancelled: true } => TeardownStatus.Cancelled,
        { Connect: null } => TeardownStatus.NameNotResolved,
        { Connect: not "ok" } => mechanism == CloseMechanism.None ? TeardownStatus.LocalFailure : TeardownStatus.NotConnected,
        { TlsError: not null } => TeardownStatus.TlsFailed,
        _ => TeardownStatus.Completed,
    };

    private static CloseState? StateOf(TeardownObservation seen, CloseMechanism mechanism) => (seen.Connect, mechanism) switch
    {
        (null, _) => null,
        ("ok", CloseMechanism.None) => !seen.ClosedFirst ? CloseState.Open : seen.Unread > 0 ? CloseState.Reset : CloseState.HalfClosed,

        // RFC 9293, section 3.6: the peer's FIN alone is half a close; our own makes it whole, a RST to our late write cuts it off.
        ("ok", CloseMechanism.Fin) when WasResetLate(seen) || seen.Unread > 0 => CloseState.Reset,
        ("ok", CloseMechanism.Fin) => seen.ClosedFirst || seen.Closed ? CloseState.Graceful : CloseState.HalfClosed,
        (_, CloseMechanism.Reset or CloseMechanism.ResetInReply) => CloseState.Reset,
        ("ok", _) => CloseState.TimedOut,
        (_, CloseMechanism.Refused) => CloseState.Refused,
        (_, CloseMechanism.Silence or CloseMechanism.Unreachable) => CloseState.Unanswered,
        _ => null,
    };

    private static ClosedBy ClosedByOf(TeardownObservation seen, CloseMechanism mechanism) => mechanism switch
    {
        _ when seen.ClosedFirst => ClosedBy.Client,
        CloseMechanism.Fin or CloseMechanism.Reset or CloseMechanism.ResetInReply or CloseMechanism.Refused => ClosedBy.Server,
        CloseMechanism.Unreachable => ClosedBy.Network,
        _ => ClosedBy.None,
    };

    /// <summary>The same as in <see cref="ConnectionClose.BrokenPipe"/>: cut off, and through no close of our own.</summary>
    private static bool IsCutOff(TeardownObservation seen, CloseMechanism mechanism) => seen is { Connect: "ok", ClosedFirst: false, Closed: false }
        && (WasResetLate(seen) || mechanism is CloseMechanism.Reset or CloseMechanism.ResetInReply || seen is { Mechanism: CloseMechanism.Silence, Read: not null });

    /// <summary>A write after the peer's FIN was answered with a RST.</summary>
    internal static bool WasResetLate(TeardownObservation seen) =>
        seen.Mechanism == CloseMechanism.Fin && (seen.ResetAfter is not null || IsCut(seen.FirstWrite) || IsCut(seen.SecondWrite));

    private static bool IsCut(string? write) => write is not null && SocketErrors.Portable(write) is "EPIPE" or "ECONNRESET" or "ECONNABORTED" or "ESHUTDOWN";
}
