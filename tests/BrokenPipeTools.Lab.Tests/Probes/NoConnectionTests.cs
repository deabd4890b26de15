using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Targets that cannot be reached are results with a cause. So are the observations of a probe that was stopped.</summary>
public sealed class NoConnectionTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Refused_is_a_result(string address)
    {
        using Socket bound = new(IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Parse(address), 0)); // no program listens there, and neither does this
        TeardownTest test = One(new TeardownTarget(address, ((IPEndPoint)bound.LocalEndPoint!).Port), new TeardownOptions());
        Assert.Equal(
            (TeardownStatus.NotConnected, CloseState.Refused, ClosedBy.Server, CloseMechanism.Refused, Cause.ConnectionRefused, "ECONNREFUSED"),
            (test.Status, test.State, test.ClosedBy, test.Mechanism, test.Cause, test.Error));
        Assert.Null(test.ConnectTime);
        Assert.NotEqual("", test.Advice);
    }

    [Fact]
    public void A_name_that_does_not_resolve_is_a_result()
    {
        TeardownTest test = One(new TeardownTarget("no-such-host.invalid", 80), new TeardownOptions()); // RFC 2606: never resolves
        Assert.Equal((TeardownStatus.NameNotResolved, null, Cause.Undetermined, ""), (test.Status, test.State, test.Cause, test.Address));
        Assert.False(string.IsNullOrEmpty(test.Error));
        Assert.Empty(test.Steps);
    }

    [Fact]
    public void An_address_of_the_other_IP_version_is_a_result()
    {
        TeardownTest test = One(new TeardownTarget("127.0.0.1", 80), new TeardownOptions { AddressFamily = AddressFamily.InterNetworkV6 });
        Assert.Equal((TeardownStatus.NameNotResolved, "NoAddressOfFamily"), (test.Status, test.Error));
    }

    [Fact]
    public void A_scope_that_does_not_exist_is_a_result()
    {
        TeardownTest test = One(new TeardownTarget("fe80::1%nosuch0", 80), new TeardownOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        Assert.NotEqual(TeardownStatus.Completed, test.Status);
        Assert.NotNull(test.Error);
    }

    [Fact]
    public void A_link_local_address_without_its_interface_is_a_result_with_the_remedy()
    {
        TeardownTest test = One(new TeardownTarget("fe80::1", 80), new TeardownOptions { ConnectTimeout = TimeSpan.FromSeconds(1) });
        Assert.NotEqual(TeardownStatus.Completed, test.Status);
        Assert.Contains("needs the interface", test.Explanation, StringComparison.Ordinal);
        Assert.Contains("fe80::1%eth0", test.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]", true)]
    [InlineData("fe80::1%eth0", true)]
    [InlineData("example.org:443", false)]
    [InlineData("127.0.0.1:443", false)]
    [InlineData("[::1]:443", false)]
    [InlineData("https://example.org", false)]
    public void A_name_has_no_port(string name, bool expected) => Assert.Equal(expected, TeardownTarget.CanBeHost(name));

    [Fact]
    public void A_server_that_accepts_nothing_is_unanswered()
    {
        using Socket listener = Listener();
        using Socket first = Fill(listener);
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        TeardownTest test = One(new TeardownTarget("127.0.0.1", port), new TeardownOptions { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(
            (TeardownStatus.NotConnected, CloseState.Unanswered, ClosedBy.None, CloseMechanism.Silence, Cause.ConnectTimeout),
            (test.Status, test.State, test.ClosedBy, test.Mechanism, test.Cause));
        Assert.Contains(test.Alternatives, other => other.Cause == Cause.AcceptQueueOverflow);
    }

    [Fact]
    public void A_probe_stopped_in_connect_does_not_report_silence()
    {
        using Socket listener = Listener();
        using Socket first = Fill(listener);
        using CancellationTokenSource stop = new();
        using TeardownRun run = new(new TeardownOptions { ConnectTimeout = TimeSpan.FromMinutes(2) }, stop.Token);
        run.Add(new TeardownTarget("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port));
        run.Complete();
        Assert.True(SpinWait.SpinUntil(() => run.Activities.Count == 1, TimeSpan.FromSeconds(60)));
        Assert.InRange(run.Activities[0].Remaining, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3.5)); // the connect's time, and the wait's
        stop.Cancel();
        Assert.True(run.TryTake(TimeSpan.FromSeconds(60), out TeardownTest? test));
        Assert.Equal((TeardownStatus.Cancelled, null, CloseMechanism.None, Cause.Undetermined), (test.Status, test.State, test.Mechanism, test.Cause));
    }

    [Theory]
    [InlineData(TeardownProbeKind.PeerClose)]
    [InlineData(TeardownProbeKind.Idle)]
    [InlineData(TeardownProbeKind.UnreadClose)]
    [InlineData(TeardownProbeKind.KeepAliveRace)]
    public void A_stopped_probe_reports_its_results_so_far(TeardownProbeKind probe)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using CancellationTokenSource stop = new();
        TeardownOptions options = new() { Probes = [probe], Payload = ProbedServer.Bytes("GET / HTTP/1.1\r\nHost: unfinished\r\n"), ConnectTimeout = TimeSpan.FromMinutes(5) };
        using TeardownRun run = new(options, stop.Token);
        run.Add(new TeardownTarget("127.0.0.1", server.Port));
        run.Complete();
        Assert.True(SpinWait.SpinUntil(() => server.Open == 1, TimeSpan.FromSeconds(60)));

        // Once the probe has noticed that it is connected, the time-out of the connect no longer counts.
        Assert.True(SpinWait.SpinUntil(() => run.Activities is [{ Remaining: var left }] && left <= options.WaitLimit, TimeSpan.FromSeconds(60)));
        TeardownActivity doing = Assert.Single(run.Activities);
        Assert.True(doing.Probe == probe && doing.Remaining > TimeSpan.FromSeconds(60));
        stop.Cancel();
        Assert.True(run.TryTake(TimeSpan.FromSeconds(60), out TeardownTest? test));
        Assert.True(test.Status == TeardownStatus.Cancelled, ProbedServer.Dump(test));
        Assert.Equal((CloseState.Open, Cause.StillOpen), (test.State, test.Cause));
        Assert.NotEqual("", test.Explanation);
        Assert.True(SpinWait.SpinUntil(() => run.IsFinished, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_probe_that_has_not_begun_when_the_run_is_stopped_is_not_reported()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Empty(TeardownProbe.Run([new TeardownTarget("127.0.0.1", 1)], new TeardownOptions(), stop.Token));
    }

    [Fact]
    public void Every_address_of_a_name_can_be_probed()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseOnAccept });
        IPAddress[] known = Dns.GetHostAddresses("localhost");
        TeardownTest[] all = [.. TeardownProbe.Run([new TeardownTarget("localhost", server.Port)], new TeardownOptions { AllAddresses = true })];
        Assert.Equal(known.Distinct().Select(address => address.ToString()).Order(), all.Select(test => test.Address).Order());
        TeardownTest connected = Assert.Single(all, test => test.Address == "127.0.0.1");
        Assert.Equal(CloseMechanism.Fin, connected.Mechanism);

        TeardownTest first = One(new TeardownTarget("localhost", server.Port), new TeardownOptions());
        Assert.Equal(("127.0.0.1", CloseMechanism.Fin), (first.Address, first.Mechanism)); // and ::1, if it comes first, is among the steps
    }

    [Theory]
    [InlineData("", 80)]
    [InlineData("localhost", 0)]
    [InlineData("localhost", 65_536)]
    public void An_invalid_target_is_an_error(string name, int port)
    {
        using TeardownRun run = new(new TeardownOptions());
        Assert.ThrowsAny<ArgumentException>(() => run.Add(new TeardownTarget(name, port)));
    }

    public static TheoryData<string, TeardownOptions> WrongOptions => new()
    {
        { "no probe", new TeardownOptions { Probes = [] } },
        { "an unknown one", new TeardownOptions { Probes = [(TeardownProbeKind)99] } },
        { "both", new TeardownOptions { HttpPath = "/", Payload = new byte[1] } },
        { "no path", new TeardownOptions { HttpPath = "index" } },
        { "a line end", new TeardownOptions { HttpPath = "/\r\nX: y" } },
        { "a race of nothing", new TeardownOptions { Probes = [TeardownProbeKind.KeepAliveRace] } },
        { "no time", new TeardownOptions { WaitLimit = TimeSpan.Zero } },
        { "no count", new TeardownOptions { Count = 0 } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions))]
    public void Options_that_make_no_sense_are_errors(string why, TeardownOptions options)
    {
        Assert.NotEqual("", why);
        Assert.Throws<ArgumentException>(() => TeardownProbe.Run([new TeardownTarget("127.0.0.1", 1)], options));
    }

    private static Socket Listener()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        return listener;
    }

    /// <summary>Uses the only place of the server's queue. Linux then drops SYNs (net/ipv4/tcp_input.c, tcp_conn_request), as a firewall does.</summary>
    private static Socket Fill(Socket listener)
    {
        Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(listener.LocalEndPoint!);
        return first;
    }

    private static TeardownTest One(TeardownTarget target, TeardownOptions options) => Assert.Single(TeardownProbe.Run([target], options));
}
