using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>The value of <c>-Quiet</c> for servers that close in every way.</summary>
public sealed class TeardownPassTests
{
    [Theory]
    [InlineData(ServerBehavior.CloseOnAccept, TeardownProbeKind.PeerClose, true)]
    [InlineData(ServerBehavior.ResetOnAccept, TeardownProbeKind.PeerClose, false)]
    [InlineData(ServerBehavior.NeverAnswer, TeardownProbeKind.PeerClose, false)]
    [InlineData(ServerBehavior.NeverAnswer, TeardownProbeKind.Idle, true)]
    [InlineData(ServerBehavior.NeverAnswer, TeardownProbeKind.HalfClose, true)]
    [InlineData(ServerBehavior.HttpHtml, TeardownProbeKind.UnreadClose, true)]
    [InlineData(ServerBehavior.NeverAnswer, TeardownProbeKind.UnreadClose, false)]
    [InlineData(ServerBehavior.NeverAnswer, TeardownProbeKind.KeepAliveRace, false)]
    [InlineData(ServerBehavior.HttpHtml, TeardownProbeKind.KeepAliveRace, true)]
    [InlineData(ServerBehavior.CloseAfterRequest, TeardownProbeKind.KeepAliveRace, false)]
    [InlineData(ServerBehavior.ResetAfterRequest, TeardownProbeKind.KeepAliveRace, false)]
    public void It_passes_if_no_data_was_lost(ServerBehavior behavior, TeardownProbeKind probe, bool expected)
    {
        bool waitsInVain = behavior == ServerBehavior.NeverAnswer || (behavior == ServerBehavior.HttpHtml && probe == TeardownProbeKind.KeepAliveRace);
        TeardownOptions options = new() { Probes = [probe], WaitLimit = TimeSpan.FromSeconds(waitsInVain ? 1 : 20), MaxRequests = 3 };
        bool sends = behavior is not (ServerBehavior.CloseOnAccept or ServerBehavior.ResetOnAccept);
        TeardownTest test = ProbedServer.Probe(ProbedServer.Server(behavior, "127.0.0.1"), sends ? options with { HttpPath = "/" } : options);
        Assert.True(expected == TeardownPass.Of(test), ProbedServer.Dump(test));
    }

    [Fact]
    public void A_target_that_could_not_be_probed_has_not_passed()
    {
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget("nosuch.invalid", 80)], new TeardownOptions { Probes = [TeardownProbeKind.Idle] }));
        Assert.False(TeardownPass.Of(test));
    }

    /// <summary>The error is returned once. If the RST arrives before the send, the send returns the error, and the read then returns 0.</summary>
    [Fact]
    public void A_reset_that_a_send_returned_is_not_an_end_of_file()
    {
        TeardownOptions options = new() { Probes = [TeardownProbeKind.Idle], HttpPath = "/", WaitLimit = TimeSpan.FromSeconds(5), Count = 40, Delay = TimeSpan.Zero };
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(ServerBehavior.ResetOnAccept, "127.0.0.1"));
        Assert.All(TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], options), test => Assert.False(test.Mechanism is CloseMechanism.Fin, ProbedServer.Dump(test)));
    }
}
