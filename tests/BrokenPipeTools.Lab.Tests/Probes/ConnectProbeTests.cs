using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>The probe that only connects: one result per address and attempt, with the errno and the time, and nothing is sent.</summary>
[SupportedOSPlatform("linux")]
public sealed class ConnectProbeTests
{
    /// <summary>
    /// An ICMP error that comes while connect still holds the socket is a soft error (tcp_v6_err). The second SYN, a second later, causes it again.
    /// </summary>
    private static readonly TeardownOptions Connect = new() { Probes = [TeardownProbeKind.Connect], ConnectTimeout = TimeSpan.FromSeconds(3), Delay = TimeSpan.Zero };

    [Theory]
    [InlineData("127.0.0.1", ServerBehavior.NeverAnswer)]
    [InlineData("::1", ServerBehavior.NeverAnswer)]
    [InlineData("127.0.0.1", ServerBehavior.HttpHtml)]
    public void It_connects_sends_nothing_and_closes(string address, ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(behavior, address));
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget(address, server.Port)], Connect with { Count = 3 })];
        Assert.Equal([1, 2, 3], tests.Select(test => test.Iteration));
        Assert.All(tests, test =>
        {
            Assert.True(
                (test.Status, test.State, test.ClosedBy, test.Mechanism, test.Cause, test.Error) == (TeardownStatus.Completed, CloseState.Open, ClosedBy.None, CloseMechanism.None, Cause.StillOpen, null),
                ProbedServer.Dump(test));
            Assert.True(test is { ConnectTime: > 0, SafeIdleSeconds: null, Requests: null, BytesReceived: 0 } && TeardownPass.Of(test), ProbedServer.Dump(test));
            Assert.Equal(["connect", "close"], test.Steps.Select(step => step.Call.Split('(')[0]));
        });
        Assert.True(server.WaitForEnded(3, TimeSpan.FromSeconds(60)));
        Assert.All(server.Connections, connection => Assert.Equal(0, connection.BytesReceived));
    }

    [Fact]
    public void Every_address_of_a_name_has_its_result_for_each_attempt()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(ServerBehavior.NeverAnswer, "127.0.0.1"));
        IPAddress[] known = [.. Dns.GetHostAddresses("localhost").Distinct()];
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget("localhost", server.Port)], Connect with { Count = 2 })];
        Assert.Equal(known.SelectMany(address => new[] { $"{address} 1", $"{address} 2" }).Order(), tests.Select(test => $"{test.Address} {test.Iteration}").Order());
        Assert.All(tests, test => Assert.Equal(test.Address == "127.0.0.1" ? null : "ECONNREFUSED", test.Error));
        Assert.All(tests, test => Assert.Equal(test.Address == "127.0.0.1", TeardownPass.Of(test)));
    }

    [Fact]
    public void Connect_and_other_probes_are_made_in_the_requested_order()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(ServerBehavior.CloseAfterRequest, "127.0.0.1"));
        TeardownOptions both = Connect with { Probes = [TeardownProbeKind.Connect, TeardownProbeKind.PeerClose], Payload = "x"u8.ToArray(), Count = 2, WaitLimit = TimeSpan.FromSeconds(60) };
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], both)];
        Assert.Equal(["Connect None", "PeerClose Fin", "Connect None", "PeerClose Fin"], tests.Select(test => $"{test.Probe} {test.Mechanism}"));
    }

    [Fact]
    public void A_name_without_address_is_one_result()
    {
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget("no-such-host.invalid", 80)], Connect with { Count = 5, ConnectTimeout = TimeSpan.FromSeconds(60) }));
        Assert.Equal((TeardownStatus.NameNotResolved, TeardownProbeKind.Connect, ""), (test.Status, test.Probe, test.Address));
    }

    [Fact]
    public void A_payload_needs_another_probe()
    {
        foreach (TeardownOptions wrong in new[] { Connect with { HttpPath = "/" }, Connect with { Payload = new byte[1] }, Connect with { UseTls = true } })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => wrong.Validate());
            Assert.StartsWith("Connect sends nothing: leave out Payload, HttpPath and UseTls", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void It_waits_for_no_more_than_the_connect()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(listener.LocalEndPoint!); // uses the only place of the queue, so further SYNs are dropped
        using TeardownRun run = new(Connect with { ConnectTimeout = TimeSpan.FromMinutes(1) });
        run.Add(new TeardownTarget("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port));
        run.Complete();
        Assert.True(SpinWait.SpinUntil(() => run.Activities.Count == 1, TimeSpan.FromSeconds(60)));
        Assert.InRange(run.Activities[0].Remaining, TimeSpan.Zero, TimeSpan.FromMinutes(1)); // the wait of 90 s for a close is not included
        run.Stop();
        Assert.True(run.TryTake(TimeSpan.FromSeconds(60), out TeardownTest? test));
        Assert.Equal((TeardownStatus.Cancelled, null, CloseMechanism.None), (test.Status, test.State, test.Mechanism));
    }

    public static TheoryData<bool, string, string?, CloseMechanism, Cause> Rejections => new()
    {
        { false, "drop", null, CloseMechanism.Silence, Cause.ConnectTimeout },
        { true, "drop", null, CloseMechanism.Silence, Cause.ConnectTimeout },
        { false, "meta l4proto tcp reject with tcp reset", "ECONNREFUSED", CloseMechanism.Refused, Cause.ConnectionRefused },
        { true, "meta l4proto tcp reject with tcp reset", "ECONNREFUSED", CloseMechanism.Refused, Cause.ConnectionRefused },
        { false, "reject with icmpx type port-unreachable", "ECONNREFUSED", CloseMechanism.Refused, Cause.ConnectionRefused },
        { true, "reject with icmpx type port-unreachable", "ECONNREFUSED", CloseMechanism.Refused, Cause.ConnectionRefused },
        { false, "reject with icmpx type host-unreachable", "EHOSTUNREACH", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { true, "reject with icmpx type host-unreachable", "EHOSTUNREACH", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { false, "reject with icmpx type no-route", "ENETUNREACH", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { true, "reject with icmpx type no-route", "ENETUNREACH", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { false, "reject with icmpx type admin-prohibited", "EHOSTUNREACH", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { true, "reject with icmpx type admin-prohibited", "EACCES", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
        { false, "reject with icmp type prot-unreachable", "ENOPROTOOPT", CloseMechanism.Unreachable, Cause.NetworkUnreachable },
    };

    [PrivilegedTheory]
    [MemberData(nameof(Rejections))]
    public void A_firewall_is_known_by_the_errno(bool ipv6, string rule, string? errno, CloseMechanism mechanism, Cause cause)
    {
        using FirewallLab lab = new(ipv6);
        lab.Firewall(rule);
        TeardownTest test = lab.Probe(errno is null ? Connect : Connect with { ConnectTimeout = TimeSpan.FromSeconds(60) });
        Assert.True((test.Status, test.Error, test.Mechanism, test.Cause) == (TeardownStatus.NotConnected, errno, mechanism, cause), ProbedServer.Dump(test));
        Assert.Equal((TeardownProbeKind.Connect, null, false), (test.Probe, test.ConnectTime, TeardownPass.Of(test)));
        Assert.True(test.Confidence < Confidence.High || test.Alternatives.Count == 0, ProbedServer.Dump(test));
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_packets_distinguish_a_RST_from_an_ICMP_error_with_the_same_errno(bool ipv6)
    {
        using FirewallLab lab = new(ipv6);
        TeardownOptions seeing = Connect with { CaptureLibrary = CaptureLibrary.Instance };
        lab.Firewall("reject with icmpx type port-unreachable");
        TeardownTest rejected = lab.Probe(seeing);
        Assert.True((rejected.Error, rejected.Cause, rejected.Confidence) == ("ECONNREFUSED", Cause.NetworkUnreachable, Confidence.High), ProbedServer.Dump(rejected));
        lab.Firewall("accept");
        Assert.Equal(TeardownStatus.Completed, lab.Probe(seeing).Status);
        lab.StopListening();
        TeardownTest refused = lab.Probe(seeing);
        Assert.True((refused.Error, refused.Cause, refused.Confidence) == ("ECONNREFUSED", Cause.ConnectionRefused, Confidence.High), ProbedServer.Dump(refused));
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_that_is_not_there_is_unreachable(bool ipv6)
    {
        using FirewallLab lab = new(ipv6);
        TeardownTest test = lab.Probe(Connect with { ConnectTimeout = TimeSpan.FromSeconds(60) }, toNobody: true);
        Assert.True((test.Status, test.Error, test.Cause) == (TeardownStatus.NotConnected, "EHOSTUNREACH", Cause.NetworkUnreachable), ProbedServer.Dump(test));
    }
}
