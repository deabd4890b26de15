using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A table of observations and their meaning; without sockets and without waiting.</summary>
public sealed class TeardownDiagnosisTests
{
    private static readonly TimeSpan Path = TimeSpan.FromMilliseconds(1);

    private static readonly Dictionary<string, (TeardownObservation Seen, string Expected)> Table = new()
    {
        ["no address"] = (Seen(connect: null), "NameNotResolved - None None None Undetermined High"),
        ["stopped before"] = (Seen(connect: null) with { Cancelled = true }, "Cancelled - None None None Undetermined Low"),
        ["stopped in the connect"] = (Seen("blocks") with { Cancelled = true }, "Cancelled - None None None Undetermined Low"),
        ["refused before it was stopped"] = (Seen("ECONNREFUSED") with { Cancelled = true }, "Cancelled Refused Server Refused None ConnectionRefused Medium"),
        ["no descriptor"] = (Seen("EMFILE"), "LocalFailure - None None None Undetermined High"),
        ["own firewall"] = (Seen("EPERM"), "LocalFailure - None None None Undetermined High"),
        ["refused"] = (Seen("ECONNREFUSED"), "NotConnected Refused Server Refused None ConnectionRefused Medium"),
        ["refused on Windows"] = (Seen("WSAECONNREFUSED"), "NotConnected Refused Server Refused None ConnectionRefused Medium"),
        ["filtered"] = (Seen("blocks"), "NotConnected Unanswered None Silence None ConnectTimeout Medium"),
        ["given up by the kernel"] = (Seen("ETIMEDOUT"), "NotConnected Unanswered None Silence None ConnectTimeout Medium"),
        ["a blackhole route of this host"] = (Seen("EINVAL") with { HasRoute = false }, "NotConnected Unanswered Network Unreachable None NetworkUnreachable High"),
        ["a prohibit route of this host"] = (Seen("EACCES") with { HasRoute = false }, "NotConnected Unanswered Network Unreachable None NetworkUnreachable High"),
        ["EINVAL, although there is a route"] = (Seen("EINVAL") with { HasRoute = true }, "LocalFailure - None None None Undetermined High"),
        ["EINVAL without a scope"] = (Seen("EINVAL") with { HasRoute = false, LacksScope = true }, "LocalFailure - None None None Undetermined High"),
        ["ICMP"] = (Seen("EHOSTUNREACH"), "NotConnected Unanswered Network Unreachable None NetworkUnreachable High"),
        ["no TLS"] = (Closed(CloseMechanism.Fin, 0.001) with { TlsError = "no TLS." }, "TlsFailed HalfClosed Server Fin None Undetermined Medium"),
        ["nothing"] = (Seen() with { Waited = TimeSpan.FromSeconds(90) }, "Completed Open None None None StillOpen High"),
        ["leave in TLS alone"] = (Seen() with { Waited = TimeSpan.FromSeconds(90), CloseNotify = true }, "Completed Open None None None StillOpen High"),

        ["the classic"] = (Late(Closed(CloseMechanism.Fin, 0.001)), "Completed Reset Server Fin Client WriteAfterPeerClose High"),
        ["the classic on Windows"] = (Closed(CloseMechanism.Fin, 0.001) with { FirstWrite = "ok", SecondWrite = "WSAECONNABORTED" }, "Completed Reset Server Fin Client WriteAfterPeerClose High"),
        ["a half-close"] = (Closed(CloseMechanism.Fin, 0.001) with { FirstWrite = "ok", SecondWrite = "ok", Acknowledged = true }, "Completed HalfClosed Server Fin None HalfClose Medium"),
        ["after a minute"] = (Late(Closed(CloseMechanism.Fin, 60.02)), "Completed Reset Server Fin Client IdleTimeout Medium"),
        ["after a minute, with RST"] = (Closed(CloseMechanism.Reset, 60.02), "Completed Reset Server Reset Client IdleTimeout Medium"),
        ["sooner than one would say"] = (Late(Closed(CloseMechanism.Fin, 0.4)), "Completed Reset Server Fin Client IdleTimeout Low"),
        ["within a long round trip"] = (Late(Closed(CloseMechanism.Fin, 0.4)) with { RoundTrip = TimeSpan.FromMilliseconds(150) }, "Completed Reset Server Fin Client WriteAfterPeerClose High"),
        ["a RST at once"] = (Closed(CloseMechanism.Reset, 0.001), "Completed Reset Server Reset Client AbortiveClose Medium"),
        ["a RST to the request"] = (Closed(CloseMechanism.ResetInReply, 0.001), "Completed Reset Server ResetInReply Client UnreadDataDiscarded Low"),
        ["413 and a RST"] = (Closed(CloseMechanism.Reset, 0.001) with { HttpStatus = 413 }, "Completed Reset Server Reset Client EarlyResponse Medium"),
        ["400, read in full"] = (Late(Closed(CloseMechanism.Fin, 0.001)) with { HttpStatus = 400 }, "Completed Reset Server Fin Client WriteAfterPeerClose High"),
        ["400 to a body, a RST in time"] = (Late(Closed(CloseMechanism.Fin, 0.001)) with { HttpStatus = 400, BodySent = true }, "Completed Reset Server Fin Client WriteAfterPeerClose Medium"),
        ["400 to a body, a RST too late"] = (Late(Closed(CloseMechanism.Fin, 0.001)) with { HttpStatus = 400, BodySent = true, ResetAfter = Path * 40 }, "Completed Reset Server Fin Client EarlyResponse Medium"),
        ["400 to a body, a slow path"] = (Late(Closed(CloseMechanism.Fin, 0.001)) with { HttpStatus = 400, BodySent = true, ResetAfter = Path * 40, RoundTrip = Path * 30 }, "Completed Reset Server Fin Client WriteAfterPeerClose Medium"),
        ["413 to a body, a RST in time"] = (Late(Closed(CloseMechanism.Fin, 0.001)) with { HttpStatus = 413, BodySent = true }, "Completed Reset Server Fin Client EarlyResponse Medium"),
        ["200 and a RST"] = (Closed(CloseMechanism.Reset, 0.001) with { HttpStatus = 200 }, "Completed Reset Server Reset Client AbortiveClose Medium"),

        ["idle, closed, closed"] = (Closed(CloseMechanism.Fin, 60.02) with { Probe = TeardownProbeKind.Idle, Closed = true }, "Completed Graceful Server Fin None IdleTimeout Medium"),
        ["idle, forgotten"] = (Idle(CloseMechanism.ResetInReply, 400), "Completed Reset Server ResetInReply Client StateExpired Medium"),
        ["idle, forgotten soon"] = (Idle(CloseMechanism.ResetInReply, 5), "Completed Reset Server ResetInReply Client StateExpired Low"),
        ["idle, silent, path alive"] = (Idle(CloseMechanism.Silence, 400) with { Reconnect = "ok" }, "Completed TimedOut None Silence None StateExpired Medium"),
        ["idle, silent, path dead"] = (Idle(CloseMechanism.Silence, 400) with { Reconnect = "blocks" }, "Completed TimedOut None Silence None SilentDrop Medium"),
        ["idle, silent, not looked"] = (Idle(CloseMechanism.Silence, 400), "Completed TimedOut None Silence None SilentDrop Low"),
        ["keepalive gave up"] = (Idle(CloseMechanism.Silence, 30) with { KeepAlive = true, Read = "ETIMEDOUT" }, "Completed TimedOut None Silence Client KeepAliveTimeout Medium"),

        ["half-close, finished"] = (First(CloseMechanism.Fin), "Completed Graceful Client Fin None NormalClose High"),
        ["half-close, went on"] = (First(CloseMechanism.Fin) with { ReceivedAfterOwnFin = 10 }, "Completed Graceful Client Fin None HalfClose High"),
        ["half-close, reset"] = (First(CloseMechanism.Reset), "Completed Reset Client Reset None AbortiveClose Medium"),
        ["half-close, ignored"] = (First(CloseMechanism.None), "Completed HalfClosed Client None None HalfClose Low"),
        ["unread"] = (First(CloseMechanism.None) with { Probe = TeardownProbeKind.UnreadClose, Unread = 10, Reconnect = "ok" }, "Completed Reset Client None Server UnreadDataDiscarded High"),

        ["race, announced"] = (Race(0.001) with { Announced = true }, "Completed HalfClosed Server Fin None NormalClose High"),
        ["race, lost"] = (Late(Race(0.001)) with { RequestLost = true }, "Completed Reset Server Fin Client WriteAfterPeerClose Medium"),
        ["race, idle"] = (Late(Race(75.1)), "Completed Reset Server Fin Client IdleTimeout Medium"),
    };

    public static TheoryData<string> Rows => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_observation_has_this_diagnosis(string row)
    {
        (TeardownObservation seen, string expected) = Table[row];
        TeardownDiagnosis v = TeardownDiagnosis.Of(seen);
        Assert.Equal(expected, $"{v.Status} {(v.State is { } state ? state : "-")} {v.ClosedBy} {v.Mechanism} {v.BrokenPipe} {v.Cause} {v.Confidence}");
        Assert.EndsWith(".", v.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("..", v.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", v.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain(v.Alternatives, other => other.Cause == v.Cause);
    }

    [Fact]
    public void The_timers_named_are_those_of_servers_and_the_nearest_first()
    {
        string named = TeardownDiagnosis.Of(Late(Closed(CloseMechanism.Fin, 75.05) with { Answered = true })).KnownTimer;
        Assert.Contains("nginx", named.Split("; ")[0], StringComparison.Ordinal);
        Assert.Equal("", TeardownDiagnosis.Of(Late(Closed(CloseMechanism.Fin, 75.05))).KnownTimer); // a keep-alive timer runs only after an answer
        Assert.Equal("", TeardownDiagnosis.Of(Late(Closed(CloseMechanism.Fin, 77.7))).KnownTimer);
        Assert.Equal("", TeardownDiagnosis.Of(Late(Closed(CloseMechanism.Fin, 0.001))).KnownTimer);
        Assert.NotEqual("", TeardownDiagnosis.Of(Idle(CloseMechanism.ResetInReply, 400)).KnownTimer); // timers of devices, including 350 s
    }

    [Fact]
    public void A_race_advises_a_limit_of_requests()
    {
        Assert.Contains("fewer than 100 requests", TeardownDiagnosis.Of(Late(Race(0.001)) with { Requests = 100, RequestLost = true }).Advice, StringComparison.Ordinal);
        Assert.Contains("75.1 s", TeardownDiagnosis.Of(Late(Race(75.1))).Advice, StringComparison.Ordinal);
    }

    private static TeardownObservation Seen(string? connect = "ok") => new() { Probe = TeardownProbeKind.PeerClose, Connect = connect, RoundTrip = Path };

    private static TeardownObservation Closed(CloseMechanism how, double seconds) => Seen() with
    {
        Mechanism = how,
        ClosedAfter = TimeSpan.FromSeconds(seconds),
        Waited = TimeSpan.FromSeconds(seconds),
        Read = how == CloseMechanism.Fin ? "EOF" : "ECONNRESET",
    };

    private static TeardownObservation Late(TeardownObservation seen) => seen with { FirstWrite = "ok", SecondWrite = "EPIPE", ResetAfter = Path };

    private static TeardownObservation Idle(CloseMechanism how, double seconds) => Seen() with
    {
        Probe = TeardownProbeKind.Idle,
        Mechanism = how,
        Waited = TimeSpan.FromSeconds(seconds),
        ClosedAfter = how == CloseMechanism.Silence ? null : TimeSpan.FromSeconds(seconds),
        ResetAfter = how == CloseMechanism.Silence ? null : Path,
    };

    private static TeardownObservation First(CloseMechanism how) => Closed(how, 0.001) with { Probe = TeardownProbeKind.HalfClose, ClosedFirst = true, Closed = true };

    private static TeardownObservation Race(double seconds) => Closed(CloseMechanism.Fin, seconds) with { Probe = TeardownProbeKind.KeepAliveRace, Requests = 3 };
}
