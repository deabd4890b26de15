using System.Net;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Networks;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A probe has the calls, a capture the packets: their results must agree.</summary>
public sealed class PacketAgreementTests
{
    private static readonly TeardownOptions Get = new() { HttpPath = "/", CaptureLibrary = CaptureLibrary.Instance, WaitLimit = TimeSpan.FromSeconds(2) };
    private static readonly TeardownOptions Line = Get with { HttpPath = null, Payload = ProbedServer.Bytes("hello\n") };

    public static TheoryData<ServerBehavior, TeardownProbeKind, bool, string> Stories => new()
    {
        { ServerBehavior.CloseOnAccept, TeardownProbeKind.PeerClose, false, "127.0.0.1" },
        { ServerBehavior.CloseAfterRequest, TeardownProbeKind.PeerClose, false, "::1" },
        { ServerBehavior.ResetAfterRequest, TeardownProbeKind.PeerClose, false, "127.0.0.1" },
        { ServerBehavior.CloseWithUnreadData, TeardownProbeKind.PeerClose, false, "::1" },
        { ServerBehavior.HalfClose, TeardownProbeKind.PeerClose, false, "127.0.0.1" },
        { ServerBehavior.IdleTimeout, TeardownProbeKind.PeerClose, false, "::1" },
        { ServerBehavior.IdleTimeout, TeardownProbeKind.Idle, false, "127.0.0.1" },
        { ServerBehavior.IdleTimeout, TeardownProbeKind.Idle, true, "::1" },
        { ServerBehavior.IdleTimeout, TeardownProbeKind.HalfClose, false, "127.0.0.1" },
        { ServerBehavior.NeverAnswer, TeardownProbeKind.PeerClose, false, "127.0.0.1" },
        { ServerBehavior.HttpHtml, TeardownProbeKind.UnreadClose, false, "127.0.0.1" },
        { ServerBehavior.MaxRequests, TeardownProbeKind.KeepAliveRace, true, "127.0.0.1" },
    };

    /// <summary>The local port of a socket whose connect has failed is known, because it was bound before the connect.</summary>
    [LiveTheory]
    [InlineData("127.0.0.1", TeardownProbeKind.Connect)]
    [InlineData("::1", TeardownProbeKind.Connect)]
    [InlineData("127.0.0.1", TeardownProbeKind.Idle)]
    public void A_refused_connect_has_its_packets(string address, TeardownProbeKind probe)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(ServerBehavior.CloseOnAccept, address));
        int port = server.Port;
        server.Stop(); // no program listens there now
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget(address, port)], new TeardownOptions { Probes = [probe], CaptureLibrary = CaptureLibrary.Instance }));
        Assert.True(test.Connection is not null, test.CaptureNote);
        Assert.Equal((test.State, test.Cause, BrokenPipeTools.Diagnosis.Confidence.High), (test.Connection.State, test.Connection.Cause, test.Confidence));
    }

    /// <summary>The server's FIN and its close are two calls: data that come between them must look like data that come after them.</summary>
    [LiveFact]
    public void A_write_right_after_the_FIN_of_the_server_is_answered_with_a_RST()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(ProbedServer.Server(ServerBehavior.CloseOnAccept, "127.0.0.1"));
        for (int i = 0; i < 30; i++)
        {
            TeardownTest test = ProbedServer.Probe(server, Line with { Payload = default });
            Assert.True(test.Connection is not null, test.CaptureNote);
            Assert.True(test.Connection.Sequence is "S:FIN C:DATA(1) S:RST" or "S:FIN C:ACK C:DATA(1) S:RST", $"{i}: {test.Connection.Sequence}");
        }
    }

    [LiveTheory]
    [MemberData(nameof(Stories))]
    public void Probe_and_packets_agree(ServerBehavior behavior, TeardownProbeKind probe, bool abort, string address)
    {
        bool http = behavior is ServerBehavior.IdleTimeout or ServerBehavior.HttpHtml or ServerBehavior.MaxRequests;
        TeardownTest test = ProbedServer.Probe(
            new BrokenPipeServerOptions { Behavior = behavior, Address = IPAddress.Parse(address), Abort = abort, IdleTimeout = TimeSpan.FromMilliseconds(500), MaxRequests = 3 },
            (http ? Get : Line) with { Probes = [probe] });
        Assert.True(test.Connection is not null, test.CaptureNote);
        ConnectionClose packets = test.Connection;
        Assert.True((test.State, test.ClosedBy, test.BrokenPipe) == (packets.State, packets.ClosedBy, packets.BrokenPipe), $"packets: {packets.State} {packets.ClosedBy} {packets.BrokenPipe} {packets.Sequence}\n{ProbedServer.Dump(test)}");
        if (test.SecondWriteAfterClose is { } write)
            Assert.True(packets.ClientWrite == write || (packets.ClientWrite == "ECONNRESET" && write == "EPIPE"), $"{packets.ClientWrite} {write}"); // the read had returned the error already
        if (test is { ClosedAfter: { } after, Mechanism: CloseMechanism.Fin, Probe: TeardownProbeKind.PeerClose or TeardownProbeKind.Idle } && packets.PayloadIdleBeforeClose is { } idle)
            Assert.InRange(after, idle - 0.05, test.Duration); // a busy machine notices the FIN late
        Assert.Null(test.CaptureNote);
    }
}
