using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>The classic sequence against servers that close in every way. The errnos are Linux's.</summary>
public sealed class PeerCloseTests
{
    public static TheoryData<string> Loopbacks => ["127.0.0.1", "::1"];

    [Theory]
    [MemberData(nameof(Loopbacks))]
    public void Close_on_accept_is_FIN_then_EOF_ok_EPIPE(string address)
    {
        TeardownTest test = ProbedServer.Probe(ProbedServer.Server(ServerBehavior.CloseOnAccept, address), new TeardownOptions());
        Assert.True(
            (test.Status, test.State, test.ClosedBy, test.Mechanism, test.Cause) == (TeardownStatus.Completed, CloseState.Reset, ClosedBy.Server, CloseMechanism.Fin, Cause.WriteAfterPeerClose),
            ProbedServer.Dump(test));
        Assert.Equal(("EOF", "ok", "EPIPE", BrokenPipe.Client), (test.ReadAfterClose, test.FirstWriteAfterClose, test.SecondWriteAfterClose, test.BrokenPipe));
        Assert.Equal("Established CloseWait Closed", test.TcpState);
        Assert.NotNull(test.ResetAfter);
    }
}
