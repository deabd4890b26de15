using System.Runtime.Versioning;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tracing;

/// <summary>Makes the record of a failed call.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TracedFailureBuilder(TraceState state, IReadOnlyList<string> lacks)
{
    private readonly ClosingFinder _closing = new(state.Processes, state.Sockets);
    private readonly TracedCauseFinder _causes = new(state.Sockets);

    /// <summary>Makes the record of a failed call. Returns null if nothing failed, because the program ended its connect itself.</summary>
    /// <param name="call">The call.</param>
    /// <param name="clock">The UTC time that corresponds to 0 of the trace's clock.</param>
    public TracedFailure? Build(FailedCall call, DateTime clock)
    {
        SocketLife? life = call.Life;
        int errno = call.Errno != 0 ? call.Errno : ErrorOf(call);
        if (call.Direction == CallDirection.Connect && errno == 0)
            return null;
        bool hasConnected = call.Life is not { ClosedFrom: TcpPhase.SynSent };
        ClosingAct? first = hasConnected ? _closing.First(call) : null;
        TracedCause cause = _causes.Find(call, errno, first);
        bool isSure = state.Sockets.HasAll(call) && life is not { IsAmbiguous: true };
        (TracedReset reset, string? reason, long? resetTime) = ResetOf(life, call.Time);
        return new TracedFailure
        {
            Time = clock.AddTicks(call.Time / TimeSpan.NanosecondsPerTick),
            Process = call.Process?.Name,
            ProcessId = call.Process?.Id,
            ThreadId = call.Thread == 0 ? null : call.Thread,
            CommandLine = call.Process?.CommandLine,
            ContainerId = call.Process?.ContainerId,
            Direction = call.Direction,
            Errno = call.Direction == CallDirection.None ? null : NameOf(errno),
            Signal = call.Signal switch { null => PipeSignal.None, { IsIgnored: true } => PipeSignal.Ignored, _ => PipeSignal.Delivered },
            Kind = call.Kind,
            LocalAddress = life?.Pair?.Local.Address.ToString(),
            LocalPort = life?.Pair?.Local.Port,
            RemoteAddress = life?.Pair?.Remote.Address.ToString(),
            RemotePort = life?.Pair?.Remote.Port,
            Role = life?.Role ?? EndpointRole.Unknown,
            TcpState = life is null ? null : TcpPhaseNames.NameOf(call.Phase),
            ClosedBy = first?.Side ?? FailureSide.Unknown,
            CloseMethod = first?.Method ?? CloseMethod.Unknown,
            ClosedByProcess = first is { Method: CloseMethod.Destroyed } ? first.Killer?.ToString() : first?.Process?.ToString(),
            ClosedBefore = Seconds(first?.Time, call.Time),
            Reset = reset,
            ResetReason = reason,
            ResetBefore = Seconds(resetTime, call.Time),
            ErrorArmed = life?.Error is { } armed ? NameOf(armed.Errno) : null,
            Retransmissions = life is null ? null : call.Retransmissions,
            SocketCookie = life is { Cookie: not 0 } ? (long)life.Cookie : null,
            Cause = cause.Cause,
            Confidence = isSure || cause.Confidence != Confidence.High ? cause.Confidence : Confidence.Medium,
            Explanation = TracedExplanation.Of(call, errno == 0 ? null : NameOf(errno), first, hasConnected ? _closing.PeerAbort(call) : null, cause),
            Advice = TracedAdvice.Of(call, cause.Cause),
            Network = call.Process?.Network,
            Evidence = [.. TracedEvidence.Of(call, state.Sockets)],
            Quality = [.. Quality(call)],
        };
    }

    private static string NameOf(int errno) => SocketErrors.Name(errno, SocketPlatform.Linux);

    private static int ErrorOf(FailedCall call)
    {
        const long SameMoment = Nanoseconds.PerMillisecond;
        return call.Life?.Error is { } error && (call.Direction != CallDirection.Connect || Math.Abs(error.Origin.Time - call.Time) < SameMoment) ? error.Errno : 0;
    }

    private static double? Seconds(long? earlier, long later) => earlier is { } time ? Math.Max(0, Math.Round(Nanoseconds.ToSeconds(later - time), 6)) : null;

    private (TracedReset Reset, string? Reason, long? Time) ResetOf(SocketLife? life, long time) => life switch
    {
        { ResetIsOwn: true, ResetGiven: { } own } => (TracedReset.Sent, own.Reason, own.Origin.Time),
        { ResetTaken: { } taken } when taken <= time + Nanoseconds.PerMillisecond => (TracedReset.Received, life.ResetFrom is { } from ? state.Sockets.DropReason(from) ?? from.Reason : null, taken),
        { ResetGiven: { } given } when given.Origin.Time <= time + Nanoseconds.PerMillisecond => (TracedReset.Sent, given.Reason, given.Origin.Time),
        _ => (TracedReset.None, null, null),
    };

    private IEnumerable<string> Quality(FailedCall call)
    {
        if (call.Lost > 0)
            yield return FormattableString.Invariant($"{call.Lost} events were lost before this one");
        if (call.Life is { IsAmbiguous: true })
            yield return "several sockets of this host have these addresses (network namespaces): data that is joined by address is omitted";
        if (call is { Kind: TracedKind.Tcp, Life: null } or { Life: { Connecting: null, WasEstablished: false } })
            yield return "the connection is older than the trace";
        if (!state.Processes.SeesAll)
            yield return "in a container: process ids are those of the host, and command lines cannot be read";
        if (state.Sockets.Forgotten > 0)
            yield return FormattableString.Invariant($"{state.Sockets.Forgotten} sockets were dropped from memory: there were too many");
        foreach (string lack in lacks)
            yield return $"this kernel lacks {lack}";
    }
}
