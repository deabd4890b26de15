using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A table of observations and the idle limits that they allow; without sockets and without waiting.</summary>
public sealed class IdleLimitTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly Dictionary<string, (TeardownObservation Seen, double? Expected, string Advice)> Table = new()
    {
        ["a minute"] = (Closed(60.02), 58, "at most 58 s (HttpClient PooledConnectionIdleTimeout"),
        ["a minute, with RST"] = (Closed(60.02) with { Mechanism = CloseMechanism.Reset, Read = "ECONNRESET" }, 58, "an idle connection ended after 60.02 s"),
        ["five seconds"] = (Closed(5.004), 3.7, "a margin of 1.3 s"),
        ["after a race"] = (Closed(75.1) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 3 }, 73, "75.1 s"),
        ["a long path"] = (Closed(60.02) with { RoundTrip = TimeSpan.FromMilliseconds(300) }, 58, "800 ms for a request in flight"),
        ["a longer path"] = (Closed(60.02) with { RoundTrip = TimeSpan.FromMilliseconds(800) }, 57, "1.8 s for a request in flight"),
        ["too short for its margin"] = (Closed(0.4), 0, "Do not keep connections to it idle"),
        ["nothing was sent"] = (Closed(60.02) with { RequestSent = false, Answered = false }, 58, "Nothing was sent, so this is the limit of a connection that was not used yet"),
        ["with TCP keepalive"] = (Closed(60.02) with { KeepAlive = true }, 58, "TCP keepalive was on"),
        ["a closing message"] = (Closed(60.02) with { ClosingMessage = true }, 58, "58 s"),
        ["closed before the probe was stopped"] = (Closed(60.02) with { Cancelled = true }, 58, "58 s"),

        ["not answered"] = (Closed(60.02) with { Answered = false }, null, "closed before it had answered"),
        ["the rest of a request, 408"] = (Closed(60.02) with { Answered = false, HttpStatus = 408, ClosingMessage = true }, null, "send a complete request"),
        ["announced"] = (Closed(2) with { Announced = true }, null, "announced the close"),
        ["announced, closed when done"] = (Closed(0.001) with { Announced = true }, null, "announced the close"),
        ["closed when done"] = (Closed(0.001), null, "right after its answer"),
        ["a slow path, closed when done"] = (Closed(0.4) with { RoundTrip = TimeSpan.FromMilliseconds(150) }, null, "right after its answer"),
        ["a race that was lost"] = (Closed(0.001) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 100, RequestLost = true }, null, "fewer than 100 requests"),
        ["a race of one request"] = (Closed(0.001) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 1 }, null, "a new connection for each request"),
        ["a race that was not answered"] = (Closed(0.001) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 0, Answered = false }, null, "closed before it had answered a request"),
        ["still open, answers"] = (Open(90) with { Acknowledged = true }, null, "At least 90 s of idle time was safe"),
        ["still open, not known whether it answers"] = (Open(90), null, ""),
        ["still open, not looked"] = (Open(90) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 20 }, null, "Only the probe Idle measures"),
        ["never answered"] = (Open(90) with { Answered = false }, null, "neither answered nor closed for 90 s"),
        ["stopped"] = (Open(9) with { Cancelled = true }, null, ""),
        ["forgotten, silence"] = (Open(90) with { Mechanism = CloseMechanism.Silence, Reconnect = "ok" }, null, "dropped the connection from its table within 90 s"),
        ["forgotten, RST"] = (Open(90) with { Mechanism = CloseMechanism.ResetInReply, ResetAfter = TimeSpan.FromMilliseconds(1) }, null, "dropped the connection from its table within 90 s"),
        ["dead path"] = (Open(90) with { Mechanism = CloseMechanism.Silence, Reconnect = "blocks" }, null, ""),
        ["no TLS"] = (Closed(60.02) with { TlsError = "no TLS" }, null, "TLS"),
        ["half-close"] = (Closed(60.02) with { Probe = TeardownProbeKind.HalfClose, ClosedFirst = true }, null, ""),
        ["refused"] = (new TeardownObservation { Probe = TeardownProbeKind.Idle, Connect = "ECONNREFUSED" }, null, ""),
        ["no address"] = (new TeardownObservation { Probe = TeardownProbeKind.Idle }, null, ""),

        ["open after others were closed"] = (Open(90) with { Acknowledged = true, Earlier = Measured(1, 60.02) }, 58, "an idle connection ended after 60.02 s"),
        ["forgotten after others were closed"] = (Open(90) with { Mechanism = CloseMechanism.Silence, Reconnect = "ok", Earlier = Measured(1, 60.02) }, null, "dropped the connection from its table"),
        ["the shortest counts"] = (Closed(70) with { Earlier = Measured(1, 60.02) }, 39, "2 idle connections ended after 60.02 s to 70 s"), // two values show little of the distribution
    };

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_observation_allows_this_idle_limit(string row)
    {
        (TeardownObservation seen, double? expected, string advice) = Table[row];
        TeardownDiagnosis diagnosis = TeardownDiagnosis.Of(seen);
        Assert.Equal((row, expected), (row, diagnosis.SafeIdleSeconds));
        Assert.Contains(advice, diagnosis.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", diagnosis.Advice, StringComparison.Ordinal);
        if (expected is not null)
            Assert.True(diagnosis.SafeIdleSeconds < seen.ClosedAfter?.TotalSeconds || seen.ClosedAfter is null);
    }

    /// <summary>For any setting and any time: the measurements of a server that counts whole seconds never lead to a limit above its setting.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 0.7)]
    [InlineData(40, 0.37)]
    [InlineData(40, 0)]
    public void The_limit_for_a_server_that_counts_whole_seconds_is_never_above_its_setting(int count, double delay)
    {
        Random random = new(7);
        for (int run = 0; run < 2_000; run++)
        {
            double setting = random.Next(1, 20);
            double idleSince = random.NextDouble();
            IdleClosings closings = IdleClosings.None;
            for (int i = 0; i < count; i++)
            {
                // Like Redis: more whole seconds than the setting, checked ten times a second (by the server's clock).
                double closed = Math.Ceiling((Math.Floor(idleSince) + setting + 1) * 10) / 10 + (random.NextDouble() * 0.1);
                closings = closings.With(TimeSpan.FromSeconds(closed - idleSince), Noon.AddSeconds(closed), TimeSpan.FromMilliseconds(1));
                idleSince = closed + delay;
            }

            double? safe = TeardownDiagnosis.Of(Open(30) with { Earlier = closings }).SafeIdleSeconds;
            Assert.True(safe < setting, $"setting {setting}, {safe} s, run {run}: {closings.Least} to {closings.Most}, {closings.Count}, fine {closings.IsFine}");
        }
    }

    [Fact]
    public void Several_measurements_of_a_precise_timer_need_a_small_margin()
    {
        Assert.Equal(0.7, TeardownDiagnosis.Of(Closed(2.005)).SafeIdleSeconds);
        IdleClosings five = Measured(5, 2.001, delay: 0.7);
        Assert.True(five.IsFine);
        TeardownDiagnosis diagnosis = TeardownDiagnosis.Of(Closed(2.001) with { Earlier = five });
        Assert.Equal(1.7, diagnosis.SafeIdleSeconds);
        Assert.Contains("6 idle connections ended after 2 s, less a margin of 202 ms", diagnosis.Advice, StringComparison.Ordinal);
        Assert.EndsWith("for the server's timer by the spread of the measurements).", diagnosis.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0.7)]
    [InlineData(40, 1)]
    public void Few_measurements_or_equal_fractions_of_a_second_do_not_show_the_precision_of_the_timer(int count, double delay)
    {
        IdleClosings closings = Measured(count, 2, delay);
        Assert.False(closings.IsFine || closings.IsEnough);
        Assert.Equal(IdleClosings.WholeSecond, closings.Granularity);
        Assert.EndsWith("Count 5 and Delay 0.7 measure the resolution of its timer.", TeardownDiagnosis.Of(Open(9) with { Earlier = closings }).Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wide_spread_needs_a_wide_margin()
    {
        IdleClosings closings = IdleClosings.None;
        foreach (double after in new[] { 60, 67.0, 70 })
            closings = closings.With(TimeSpan.FromSeconds(after), Noon.AddSeconds(after), TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(10), closings.Granularity);
    }

    private static IdleClosings Measured(int count, double seconds, double delay = 1)
    {
        IdleClosings closings = IdleClosings.None;
        DateTime at = Noon;
        for (int i = 0; i < count; i++)
        {
            at = at.AddSeconds(seconds);
            closings = closings.With(TimeSpan.FromSeconds(seconds), at, TimeSpan.FromMilliseconds(1));
            at = at.AddSeconds(delay);
        }

        return closings;
    }

    private static TeardownObservation Closed(double seconds) => Open(seconds) with
    {
        Mechanism = CloseMechanism.Fin,
        ClosedAfter = TimeSpan.FromSeconds(seconds),
        ClosedAt = Noon,
        Read = "EOF",
    };

    private static TeardownObservation Open(double seconds) => new()
    {
        Probe = TeardownProbeKind.Idle,
        Connect = "ok",
        RoundTrip = TimeSpan.FromMilliseconds(1),
        Waited = TimeSpan.FromSeconds(seconds),
        RequestSent = true,
        Answered = true,
    };
}
