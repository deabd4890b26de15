using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The idle limit for a client's connection pool, computed from the measurements.</summary>
/// <param name="Seconds">The limit in seconds; null if nothing was measured.</param>
/// <param name="Advice">How to use the limit, or why there is none; null if the probe does not measure it.</param>
internal readonly record struct IdleLimit(double? Seconds, string? Advice)
{
    /// <summary>
    /// Linux retransmits a lost segment after the round trip plus at least this time (TCP_RTO_MIN of include/net/tcp.h; RFC 6298 requires a second).
    /// </summary>
    private static readonly TimeSpan Retransmission = TimeSpan.FromMilliseconds(200);

    private const string Pools = "HttpClient PooledConnectionIdleTimeout, keepalive_timeout of an nginx upstream, the idle time-out of a load balancer in front";

    private const string HowToRefine = "Count 5 and Delay 0.7 measure the resolution of its timer";

    /// <param name="seen">The results of a probe.</param>
    /// <param name="cause">The cause of the end of the connection.</param>
    public static IdleLimit Of(TeardownObservation seen, Cause cause)
    {
        if (seen is not { Connect: "ok", TlsError: null, Probe: TeardownProbeKind.PeerClose or TeardownProbeKind.Idle or TeardownProbeKind.KeepAliveRace })
            return default;
        if (cause == Cause.StateExpired)
            return new IdleLimit(null, Forgotten(seen));
        IdleClosings closings = Measured(seen);
        if (closings.Count > 0)
            return Of(closings, seen);
        return seen switch
        {
            { Mechanism: CloseMechanism.None, Cancelled: false } => new IdleLimit(null, StillOpen(seen)),
            { Mechanism: CloseMechanism.Fin or CloseMechanism.Reset } => new IdleLimit(null, NotIdle(seen)),
            _ => default,
        };
    }

    /// <summary>Returns the measurements of this probe, including the current one if there is one.</summary>
    public static IdleClosings Measured(TeardownObservation seen)
    {
        bool closedIdle = seen is { Mechanism: CloseMechanism.Fin or CloseMechanism.Reset, TlsError: null, ClosedFirst: false, Announced: false, RequestLost: false, ClosedAfter: not null }
            && seen.Probe is TeardownProbeKind.PeerClose or TeardownProbeKind.Idle or TeardownProbeKind.KeepAliveRace
            && (seen.Answered || !seen.RequestSent) && CloseDiagnosis.HasWaited(seen);
        return closedIdle ? seen.Earlier.With(seen.ClosedAfter!.Value, seen.ClosedAt ?? default, seen.RoundTrip) : seen.Earlier;
    }

    private static IdleLimit Of(IdleClosings closings, TeardownObservation seen)
    {
        // A request takes half a round trip, and so did the answer, from which the client counts. In addition, a lost request is retransmitted.
        TimeSpan race = (closings.RoundTrip * 2) + Retransmission;
        TimeSpan margin = race + closings.Granularity;
        double safe = RoundDown((closings.Least - margin).TotalSeconds);
        string measured = closings.Count == 1
            ? $"an idle connection ended after {Text(closings.Least)}"
            : string.Create(CultureInfo.InvariantCulture, $"{closings.Count} idle connections ended after {Text(closings.Least)}{(Text(closings.Least) == Text(closings.Most) ? "" : $" to {Text(closings.Most)}")}");
        string reason = $"{Text(race)} for a request in flight and one retransmission, {Text(closings.Granularity)} for the server's timer{(closings.IsFine ? " by the spread of the measurements" : ", which may count whole seconds")}";
        string refine = closings.IsEnough ? "" : $" {HowToRefine}.";
        string unused = seen.RequestSent ? "" : " Nothing was sent, so this is the limit of a connection that was not used yet; after a request the limit may be different: probe with Payload or HttpPath.";
        string kept = seen.KeepAlive ? " TCP keepalive was on: without it, a firewall on the path may drop the connection earlier." : "";
        return safe > 0
            ? new IdleLimit(safe, string.Create(CultureInfo.InvariantCulture, $"Set the idle limit of the client's pool to at most {safe} s ({Pools}): {measured}, less a margin of {Text(margin)} ({reason}).{refine}{unused}{kept}"))
            : new IdleLimit(0, $"Do not keep connections to it idle: {measured}, and the margin is {Text(margin)} ({reason}).{refine}{unused}{kept}");
    }

    private static string Forgotten(TeardownObservation seen) =>
        $"A device on the path, or the host, dropped the connection from its table within {Text(seen.Waited)} of idle time; the exact time was not measured. Reduce WaitSeconds until the connection still answers, and set the idle limit of the client's pool to that time, or the interval of TCP keepalive below it.";

    private static string? StillOpen(TeardownObservation seen) => seen switch
    {
        { CloseNotify: true } => null,
        { RequestSent: true, Answered: false } => $"The server neither answered nor closed for {Text(seen.Waited)}. To measure the idle limit, send a complete request that it answers.",
        { Acknowledged: true } => $"At least {Text(seen.Waited)} of idle time was safe: the connection still answered after it. The limit is longer; use a longer WaitSeconds to find it.",
        { Probe: TeardownProbeKind.Idle } => null,
        _ => $"The server did not close for {Text(seen.Waited)}. Only the probe Idle measures if the path still keeps the connection after that: it sends data at the end.",
    };

    private static string? NotIdle(TeardownObservation seen) => seen switch
    {
        { Announced: true } => "The answer announced the close (Connection: close, or HTTP/1.0): the server does not keep connections, so it has no idle limit.",
        { RequestSent: true, Answered: true } when !CloseDiagnosis.HasWaited(seen) => "The server closed right after its answer, and did not announce it: it does not keep connections, so it has no idle limit. Let the client use a new connection for each request.",
        { RequestSent: true, Answered: false } when CloseDiagnosis.HasWaited(seen) => "The server closed before it had answered: it waited for the rest of a request, or failed before it answered. To measure the idle limit, send a complete request that it answers.",
        _ => null,
    };

    /// <summary>Rounds a time-out down to a usual precision: whole seconds from 10 s on, tenths from 1 s on, otherwise hundredths.</summary>
    private static double RoundDown(double seconds)
    {
        double steps = seconds >= 10 ? 1 : seconds >= 1 ? 10 : 100;
        return Math.Max(0, Math.Floor(seconds * steps) / steps);
    }

    private static string Text(TimeSpan time) => Words.Seconds(time.TotalSeconds).ToString();
}
