using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>
/// A router with a firewall between probe and server: one that expires flows, one that drops, one that resets. A result that needs
/// packets has less confidence without them, and alternatives.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class FirewallProbeTests
{
    // A SYN that a busy machine loses is sent again after 1 s.
    private static readonly TeardownOptions Idle = new() { Probes = [TeardownProbeKind.Idle], Payload = "hello"u8.ToArray(), WaitLimit = TimeSpan.FromSeconds(1.6), ConnectTimeout = TimeSpan.FromSeconds(3) };
    private static readonly TeardownOptions IdleWithoutPayload = Idle with { Payload = ReadOnlyMemory<byte>.Empty };

    public static TheoryData<bool, bool> FamiliesAndPayloads => new() { { false, true }, { true, true }, { false, false } };

    [PrivilegedTheory]
    [MemberData(nameof(FamiliesAndPayloads))]
    public void A_firewall_that_removes_the_flow_and_drops_is_an_expired_state(bool ipv6, bool payload)
    {
        using FirewallLab lab = new(ipv6);
        lab.Forget("ct state invalid drop");
        TeardownTest test = lab.Probe(payload ? Idle : IdleWithoutPayload);
        Assert.True((test.State, test.ClosedBy, test.Mechanism, test.Cause) == (CloseState.TimedOut, ClosedBy.None, CloseMechanism.Silence, Cause.StateExpired), ProbedServer.Dump(test));
        Assert.Contains(test.Alternatives, other => other.Cause == Cause.SilentDrop);
        Assert.Null(test.SafeIdleSeconds);
        Assert.Matches(@"^A device on the path, or the host, dropped the connection from its table within \d[\d.]* s of idle time", test.Advice); // 1.6 s, or more on a busy machine
    }

    [PrivilegedTheory]
    [MemberData(nameof(FamiliesAndPayloads))]
    public void A_firewall_that_drops_everything_is_a_silent_drop(bool ipv6, bool payload)
    {
        using FirewallLab lab = new(ipv6);
        TeardownTest test = lab.Probe(payload ? Idle : IdleWithoutPayload, () => lab.Firewall("drop"));
        Assert.True((test.State, test.ClosedBy, test.Mechanism, test.Cause) == (CloseState.TimedOut, ClosedBy.None, CloseMechanism.Silence, Cause.SilentDrop), ProbedServer.Dump(test));
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_firewall_that_removes_the_flow_and_resets_is_proved_by_the_packets(bool ipv6)
    {
        using FirewallLab lab = new(ipv6);
        lab.Forget("ct state invalid meta l4proto tcp reject with tcp reset");
        TeardownTest blind = lab.Probe(Idle);
        Assert.True((blind.State, blind.ClosedBy, blind.Mechanism, blind.Cause, blind.Confidence) == (CloseState.Reset, ClosedBy.Server, CloseMechanism.ResetInReply, Cause.StateExpired, Confidence.Low), ProbedServer.Dump(blind));
        Assert.Equal([Cause.PeerStateLost, Cause.MiddleboxReset], blind.Alternatives.Select(other => other.Cause));
        Assert.NotNull(blind.ResetAfter);
        Assert.InRange(blind.ClosedAfter!.Value, 1.5, blind.Duration);

        TeardownTest seeing = lab.Probe(Idle with { CaptureLibrary = CaptureLibrary.Instance });
        Assert.True(seeing.Connection is not null, seeing.CaptureNote);
        Assert.True((seeing.State, seeing.ClosedBy) == (seeing.Connection.State, seeing.Connection.ClosedBy), ProbedServer.Dump(seeing));
        Assert.True(seeing.Cause == Cause.StateExpired || (seeing.Cause == Cause.MiddleboxReset && seeing.Connection.Alternatives[0].Cause == Cause.StateExpired), ProbedServer.Dump(seeing)); // a short silence
        Assert.True(seeing.Confidence > Confidence.Low, ProbedServer.Dump(seeing)); // the RST has the router's TTL
    }

    [PrivilegedTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_firewall_that_resets_a_request_is_a_middlebox_in_the_packets(bool ipv6)
    {
        using FirewallLab lab = new(ipv6);
        lab.Firewall("tcp flags & (syn | psh) == psh meta l4proto tcp reject with tcp reset");
        TeardownOptions options = Idle with { Probes = [TeardownProbeKind.PeerClose] };
        TeardownTest blind = lab.Probe(options);
        Assert.True((blind.State, blind.Mechanism, blind.ReadAfterClose, blind.Confidence) == (CloseState.Reset, CloseMechanism.ResetInReply, "ECONNRESET", Confidence.Low), ProbedServer.Dump(blind));
        Assert.Contains(blind.Alternatives, other => other.Cause == Cause.MiddleboxReset);

        TeardownTest seeing = lab.Probe(options with { CaptureLibrary = CaptureLibrary.Instance });
        Assert.True(seeing.Cause == Cause.MiddleboxReset && seeing.Confidence > Confidence.Low, ProbedServer.Dump(seeing));
    }

    [PrivilegedFact]
    public void Filtered_and_unreachable_are_different_results()
    {
        using FirewallLab lab = new(ipv6: false);
        lab.Firewall("drop");
        TeardownTest filtered = lab.Probe(Idle);
        Assert.True((filtered.Status, filtered.State, filtered.Cause) == (TeardownStatus.NotConnected, CloseState.Unanswered, Cause.ConnectTimeout), ProbedServer.Dump(filtered));
        lab.Firewall("reject with icmpx type admin-prohibited");
        TeardownTest rejected = lab.Probe(Idle);
        Assert.True((rejected.Status, rejected.State, rejected.Cause, rejected.ClosedBy, rejected.Error) == (TeardownStatus.NotConnected, CloseState.Unanswered, Cause.NetworkUnreachable, ClosedBy.Network, "EHOSTUNREACH"), ProbedServer.Dump(rejected));
        lab.Firewall("meta l4proto tcp reject with tcp reset");
        Assert.Equal(Cause.ConnectionRefused, lab.Probe(Idle).Cause);
    }

    [PrivilegedFact]
    public void Keepalive_detects_a_broken_path()
    {
        using FirewallLab lab = new(ipv6: false);
        TeardownTest test = lab.Probe(IdleWithoutPayload with { KeepAliveInterval = TimeSpan.FromSeconds(1), WaitLimit = TimeSpan.FromSeconds(60) }, () => lab.Firewall("drop"));
        Assert.True((test.Mechanism, test.Cause, test.ReadAfterClose) == (CloseMechanism.Silence, Cause.KeepAliveTimeout, "ETIMEDOUT"), ProbedServer.Dump(test));
    }
}
