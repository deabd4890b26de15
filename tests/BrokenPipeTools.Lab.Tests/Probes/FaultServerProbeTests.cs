using System.Net;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Every behavior of the misbehaving server, over both IP versions, and the result of a probe. The errnos are Linux's.</summary>
public sealed class BrokenPipeServerProbeTests
{
    private const string Upload = "POST /up HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\nbeginning of the body";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private static readonly TeardownOptions Nothing = new() { WaitLimit = TimeSpan.FromSeconds(60) };
    private static readonly TeardownOptions Line = Nothing with { Payload = ProbedServer.Bytes("hello\n") };
    private static readonly TeardownOptions Get = Nothing with { HttpPath = "/" };
    private static readonly TeardownOptions Body = Nothing with { Payload = ProbedServer.Bytes(Upload) };

    private static readonly TeardownOptions Closing = Nothing with { Payload = ProbedServer.Bytes("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n") };

    /// <summary>
    /// The result of a KeepAliveRace depends on timing. Either the probe sees the FIN before it sends the next request, or its request reaches the
    /// closed socket, or the request was unread when the server closed, and a RST was sent in place of the FIN.
    /// </summary>
    private static readonly string[] RaceWithFin =
    [
        "Reset Server Fin NormalClose EOF ok EPIPE",
        "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE",
        "Reset Server Fin WriteAfterPeerClose EOF EPIPE EPIPE",
        "Reset Server ResetInReply WriteAfterPeerClose ECONNRESET EPIPE EPIPE",
    ];

    /// <summary>The result if the server aborts. The probe sees the RST before it sends the request, after that, or as the error of the send itself.</summary>
    private static readonly string[] RaceWithReset =
    [
        "Reset Server Reset AbortiveClose ECONNRESET EPIPE EPIPE",
        "Reset Server ResetInReply WriteAfterPeerClose ECONNRESET EPIPE EPIPE",
        "Reset Server Reset WriteAfterPeerClose EOF EPIPE EPIPE",
    ];

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["CloseOnAccept"] = new(ServerBehavior.CloseOnAccept, Nothing, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE"),
        ["CloseOnAccept Abort"] = new(ServerBehavior.CloseOnAccept, Nothing, "Reset Server Reset AbortiveClose ECONNRESET EPIPE EPIPE", Abort: true),
        ["ResetOnAccept"] = new(ServerBehavior.ResetOnAccept, Nothing, "Reset Server Reset AbortiveClose ECONNRESET EPIPE EPIPE"),
        ["ResetAfterRequest"] = new(ServerBehavior.ResetAfterRequest, Line, "Reset Server ResetInReply UnreadDataDiscarded ECONNRESET EPIPE EPIPE"),
        ["CloseAfterRequest"] = new(ServerBehavior.CloseAfterRequest, Line, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE"),
        ["CloseWithUnreadData"] = new(ServerBehavior.CloseWithUnreadData, Line, "Reset Server ResetInReply UnreadDataDiscarded ECONNRESET EPIPE EPIPE"),
        ["RandomBytes"] = new(ServerBehavior.RandomBytes, Nothing, "HalfClosed Server Fin HalfClose EOF ok ok"),
        ["TruncatedBody"] = new(ServerBehavior.TruncatedBody, Get, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE"),
        ["TruncatedBody Abort"] = new(ServerBehavior.TruncatedBody, Get, "Reset Server Reset AbortiveClose ECONNRESET EPIPE EPIPE", Abort: true),
        ["EarlyResponse"] = new(ServerBehavior.EarlyResponse, Body, "Reset Server Reset EarlyResponse ECONNRESET EPIPE EPIPE"),
        ["MaxRequests"] = new(ServerBehavior.MaxRequests, Get, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE"),
        ["SlowResponse"] = new(ServerBehavior.SlowResponse, Get, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE"),
        ["HalfClose"] = new(ServerBehavior.HalfClose, Line, "HalfClosed Server Fin HalfClose EOF ok ok"),
        ["IdleTimeout"] = new(ServerBehavior.IdleTimeout, Get, "Reset Server Fin IdleTimeout EOF ok EPIPE"),
        ["IdleTimeout Abort"] = new(ServerBehavior.IdleTimeout, Get, "Reset Server Reset IdleTimeout ECONNRESET EPIPE EPIPE", Abort: true),
        ["IdleTimeout of nothing"] = new(ServerBehavior.IdleTimeout, Nothing, "Reset Server Fin IdleTimeout EOF ok EPIPE"),
        ["NeverAnswer"] = new(ServerBehavior.NeverAnswer, Line with { WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["HttpHtml"] = new(ServerBehavior.HttpHtml, Get with { WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["HttpJson"] = new(ServerBehavior.HttpJson, Get with { WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["HttpHeadersOnly"] = new(ServerBehavior.HttpHeadersOnly, Get with { WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["HttpHtml of another protocol"] = new(ServerBehavior.HttpHtml, Line, "HalfClosed Server Fin HalfClose EOF ok ok"),

        ["HalfClose probe, IdleTimeout"] = new(ServerBehavior.IdleTimeout, Get with { Probes = [TeardownProbeKind.HalfClose] }, "Graceful Client Fin HalfClose EOF - -"),
        ["HalfClose probe, NeverAnswer"] = new(ServerBehavior.NeverAnswer, Line with { Probes = [TeardownProbeKind.HalfClose] }, "Graceful Client Fin NormalClose EOF - -"),
        ["HalfClose probe, SlowResponse"] = new(ServerBehavior.SlowResponse, Get with { Probes = [TeardownProbeKind.HalfClose] }, "Graceful Client Fin HalfClose EOF - -"),

        ["Idle probe, IdleTimeout"] = new(ServerBehavior.IdleTimeout, Get with { Probes = [TeardownProbeKind.Idle] }, "Graceful Server Fin IdleTimeout EOF - -"),
        ["Idle probe, IdleTimeout Abort"] = new(ServerBehavior.IdleTimeout, Get with { Probes = [TeardownProbeKind.Idle] }, "Reset Server Reset IdleTimeout ECONNRESET - -", Abort: true),
        ["Idle probe, NeverAnswer, nothing sent"] = new(ServerBehavior.NeverAnswer, Nothing with { Probes = [TeardownProbeKind.Idle], WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["Idle probe, NeverAnswer, written to"] = new(ServerBehavior.NeverAnswer, Line with { Probes = [TeardownProbeKind.Idle], WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["Idle probe, keepalive on"] = new(ServerBehavior.IdleTimeout, Get with { Probes = [TeardownProbeKind.Idle], KeepAliveInterval = TimeSpan.FromSeconds(1) }, "Graceful Server Fin IdleTimeout EOF - -"),

        ["UnreadClose probe, HttpHtml"] = new(ServerBehavior.HttpHtml, Get with { Probes = [TeardownProbeKind.UnreadClose] }, "Reset Client None UnreadDataDiscarded - - -"),
        ["UnreadClose probe, NeverAnswer"] = new(ServerBehavior.NeverAnswer, Line with { Probes = [TeardownProbeKind.UnreadClose], WaitLimit = Short }, "Open None None StillOpen - - -"),
        ["UnreadClose probe, CloseOnAccept"] = new(ServerBehavior.CloseOnAccept, Nothing with { Probes = [TeardownProbeKind.UnreadClose] }, "HalfClosed Server Fin NormalClose EOF - -"),
        ["UnreadClose probe, ResetAfterRequest"] = new(ServerBehavior.ResetAfterRequest, Line with { Probes = [TeardownProbeKind.UnreadClose] }, "Reset Server ResetInReply UnreadDataDiscarded ECONNRESET - -"),

        ["KeepAliveRace, MaxRequests"] = new(ServerBehavior.MaxRequests, Get with { Probes = [TeardownProbeKind.KeepAliveRace] }, RaceWithFin, Requests: 3),
        ["KeepAliveRace, MaxRequests Abort"] = new(ServerBehavior.MaxRequests, Get with { Probes = [TeardownProbeKind.KeepAliveRace] }, RaceWithReset, Abort: true, Requests: 3),
        ["KeepAliveRace, IdleTimeout"] = new(ServerBehavior.IdleTimeout, Get with { Probes = [TeardownProbeKind.KeepAliveRace], MaxRequests = 20 }, "Reset Server Fin IdleTimeout EOF ok EPIPE", Requests: 20),
        ["KeepAliveRace, HttpHtml"] = new(ServerBehavior.HttpHtml, Get with { Probes = [TeardownProbeKind.KeepAliveRace], MaxRequests = 50, WaitLimit = Short }, "Open None None StillOpen - - -", Requests: 50),
        ["KeepAliveRace, announced"] = new(ServerBehavior.HttpHtml, Closing with { Probes = [TeardownProbeKind.KeepAliveRace] }, "HalfClosed Server Fin NormalClose EOF ok ok", Requests: 1),
        ["KeepAliveRace, CloseAfterRequest"] = new(ServerBehavior.CloseAfterRequest, Get with { Probes = [TeardownProbeKind.KeepAliveRace] }, "Reset Server Fin WriteAfterPeerClose EOF ok EPIPE", Requests: 0),
    };

    public static TheoryData<string, string> Every
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (string name in Cases.Keys)
            {
                all.Add(name, "127.0.0.1");
                all.Add(name, "::1");
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Each_behavior_is_recognized_by_its_probe(string name, string address)
    {
        Case it = Cases[name];
        TeardownTest test = ProbedServer.Probe(it.Server(address), it.Options);

        // A server that has to wait before it closes looks like one that waits by its own decision. In that case the probe is made once more.
        for (int again = 0; again < 5 && !it.Expects(Describe(test)) && test.ClosedAfter > Short.TotalSeconds / 2; again++)
            test = ProbedServer.Probe(it.Server(address), it.Options);
        Assert.True(it.Expects(Describe(test)) && it.Requests == test.Requests, $"expected {string.Join("\nor       ", it.Expected)}\nreported {Describe(test)}\n{ProbedServer.Dump(test)}");
        Assert.Equal((TeardownStatus.Completed, address, 1), (test.Status, test.Address, test.Iteration));
        Assert.True(test.Confidence < Confidence.High || test.Alternatives.Count == 0);
        if (test.Cause == Cause.IdleTimeout)
            Assert.InRange(test.ClosedAfter!.Value, Short.TotalSeconds - 0.02, test.Duration);
        Assert.True((test.Cause == Cause.IdleTimeout) == test.SafeIdleSeconds.HasValue, ProbedServer.Dump(test));
        Assert.True(test.SafeIdleSeconds is null || test.SafeIdleSeconds < test.ClosedAfter, ProbedServer.Dump(test));
    }

    [Theory]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void Some_measurements_give_a_pool_a_limit_below_the_time_out(TeardownProbeKind probe)
    {
        const double TimeOut = 0.9;
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.IdleTimeout, IdleTimeout = TimeSpan.FromSeconds(TimeOut) });
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], Get with { Probes = [probe], MaxRequests = 2, Count = 6, Delay = TimeSpan.FromSeconds(0.37) })];
        Assert.All(tests, test => Assert.True(test.SafeIdleSeconds < TimeOut, ProbedServer.Dump(test)));
        Assert.All(tests, test => Assert.StartsWith(test.SafeIdleSeconds == 0 ? "Do not keep connections to it idle: " : "Set the idle limit of the client's pool to at most ", test.Advice, StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_kept_the_connection_has_no_limit_but_a_time_that_was_safe()
    {
        TeardownTest test = ProbedServer.Probe(ProbedServer.Server(ServerBehavior.HttpHtml, "127.0.0.1"), Get with { Probes = [TeardownProbeKind.Idle], WaitLimit = TimeSpan.FromSeconds(1) });
        Assert.True(test.SafeIdleSeconds is null && test.Cause == Cause.StillOpen, ProbedServer.Dump(test));
        Assert.Matches(@"^At least (9\d\d ms|1(\.\d+)? s) of idle time was safe: the connection still answered after it\.", test.Advice);
    }

    /// <summary>
    /// Behaviors that this test leaves out: outages, those of the TLS handshake, those that need an upstream server, and those that do not listen on
    /// TCP.
    /// </summary>
    private static readonly ServerBehavior[] NotProbed =
        [.. Enum.GetValues<ServerBehavior>().Where(behavior => behavior is >= ServerBehavior.Refuse and <= ServerBehavior.ForwardThenSilence), ServerBehavior.UnixSink];

    [Fact]
    public void Every_behavior_of_the_server_is_probed() => Assert.Empty(Enum.GetValues<ServerBehavior>().Except(Cases.Values.Select(it => it.Behavior)).Except(NotProbed));

    private static string Describe(TeardownTest test) =>
        $"{test.State} {test.ClosedBy} {test.Mechanism} {test.Cause} {test.ReadAfterClose ?? "-"} {test.FirstWriteAfterClose ?? "-"} {test.SecondWriteAfterClose ?? "-"}";

    private sealed record Case(ServerBehavior Behavior, TeardownOptions Options, string[] Expected, bool Abort = false, int? Requests = null)
    {
        public Case(ServerBehavior behavior, TeardownOptions options, string expected, bool Abort = false, int? Requests = null)
            : this(behavior, options, [expected], Abort, Requests)
        {
        }

        public bool Expects(string result) => Expected.Contains(result);

        public BrokenPipeServerOptions Server(string address) => new()
        {
            Behavior = Behavior,
            Address = IPAddress.Parse(address),
            Abort = Abort,
            MaxRequests = Math.Max(1, Requests ?? 1),
            IdleTimeout = Short,
            Interval = TimeSpan.FromMilliseconds(1),
        };
    }
}
