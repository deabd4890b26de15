using System.Net;
using System.Runtime.Versioning;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

[SupportedOSPlatform("linux")]
public sealed class TracedCauseTests
{
    private const int Reset = 104; // ECONNRESET
    private const long Time = 2_000_000_000;

    /// <summary>Both ends are on this host, and no RST of the peer was traced: it is forged, unless the trace may lack it.</summary>
    [Theory]
    [InlineData(0, Cause.MiddleboxReset, FailureSide.Network)]
    [InlineData(1, Cause.Undetermined, FailureSide.Unknown)]
    public void A_reset_that_no_socket_sent_is_forged_only_if_no_event_was_lost(long lost, Cause cause, FailureSide side)
    {
        SocketPair pair = new(new IPEndPoint(IPAddress.Loopback, 40000), new IPEndPoint(IPAddress.Loopback, 80));
        SocketTable sockets = new();
        sockets.SendReset(new ResetSent(new EventOrigin(1, 7, IsTask: true), 1, 0, new SocketPair(new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2)), "NO_SOCKET", TcpPhase.Unknown));
        SocketLife life = new(1) { Pair = pair, Peer = new SocketLife(2) { Pair = pair.Reversed }, WasEstablished = true, ResetTaken = Time - 1 };
        FailedCall call = new() { Time = Time, Direction = CallDirection.Read, Kind = TracedKind.Tcp, Errno = Reset, Thread = 7, Process = null, Life = life, Lost = lost };
        ClosingAct? first = new ClosingFinder(new ProcessTable("/proc"), sockets).First(call);
        Assert.Equal((cause, side), (new TracedCauseFinder(sockets).Find(call, Reset, first).Cause, first!.Side));
    }
}
