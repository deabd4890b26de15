using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Derives the diagnosis from an observation. It is a pure function: it uses no socket and no clock.</summary>
internal sealed record TeardownDiagnosis
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

    public static TeardownDiagnosis Of(TeardownObservation seen)
    {
        CloseMechanism mechanism = seen.Connect is "ok" or null ? seen.Mechanism : ConnectDiagnosis.MechanismOf(seen);
        ProbeFinding finding = PacketDiagnosis.Better(seen, Judge(seen));
        IdleLimit idle = IdleLimit.Of(seen, finding.Cause);
        return new TeardownDiagnosis
        {
            Status = StatusOf(seen, mechanism),
            State = StateOf(seen, mechanism),
            ClosedBy = ClosedByOf(seen, mechanism),
            Mechanism = mechanism,
            BrokenPipe = IsCutOff(seen, mechanism) ? BrokenPipe.Client : seen.Unread > 0 ? BrokenPipe.Server : BrokenPipe.None,
            Cause = finding.Cause,
            Confidence = finding.Confidence,
            KnownTimer = string.Join("; ", finding.Timers.Select(timer => timer.Product)),
            Explanation = finding.Explanation,
            Advice = finding.Advice ?? idle.Advice ?? CauseAdvice.Of(finding.Cause),
            Alternatives = finding.Alternatives,
            SafeIdleSeconds = idle.Seconds,
        };
    }

    private static ProbeFinding Judge(TeardownObservation seen) => seen switch
    {
        { Connect: not "ok" } => ConnectDiagnosis.Of(seen),
        { TlsError: not null } => OpenDiagnosis.WithoutTls(seen),
        { Probe: TeardownProbeKind.Connect, Mechanism: CloseMechanism.None } => ConnectDiagnosis.Connected(seen),
        { Mechanism: CloseMechanism.None } => OpenDiagnosis.Of(seen),
        _ when seen.Unread > 0 => OpenDiagnosis.Of(seen),
        _ => CloseDiagnosis.Of(seen),
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

        // RFC 9293, section 3.6: the peer's FIN alone is a half-close. The probe's own FIN completes the close; a RST in answer to the probe's late
        // write aborts the connection.
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

    /// <summary>
    /// Returns whether the connection was aborted by anything other than the probe's own close. <see cref="ConnectionClose.BrokenPipe"/> has the same
    /// meaning.
    /// </summary>
    private static bool IsCutOff(TeardownObservation seen, CloseMechanism mechanism) => seen is { Connect: "ok", ClosedFirst: false, Closed: false }
        && (WasResetLate(seen) || mechanism is CloseMechanism.Reset or CloseMechanism.ResetInReply || seen is { Mechanism: CloseMechanism.Silence, Read: not null });

    /// <summary>Returns whether a write after the peer's FIN was answered with a RST.</summary>
    internal static bool WasResetLate(TeardownObservation seen) =>
        seen.Mechanism == CloseMechanism.Fin && (seen.ResetAfter is not null || IsCut(seen.FirstWrite) || IsCut(seen.SecondWrite));

    private static bool IsCut(string? write) => write is not null && SocketErrors.Portable(write) is "EPIPE" or "ECONNRESET" or "ECONNABORTED" or "ESHUTDOWN";
}
