using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Whether the peer sends close_notify before its FIN (RFC 8446, section 6.1).</summary>
public sealed class TlsProbeTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private static readonly TeardownOptions Tls = new() { UseTls = true, Payload = ProbedServer.Bytes("hello\n"), WaitLimit = TimeSpan.FromSeconds(60) };

    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_close_notify_is_reported_and_is_not_payload(SslProtocols version)
    {
        TeardownTest test = Probe(version, async (tls, socket) =>
        {
            await Task.Delay(Pause);
            await tls.ShutdownAsync();
            socket.Close();
        });
        Assert.True((test.TlsCloseNotify, test.Mechanism, test.ReadAfterClose) == (true, CloseMechanism.Fin, "EOF"), ProbedServer.Dump(test));
        Assert.InRange(test.ClosedAfter!.Value, Pause.TotalSeconds - 0.02, test.Duration);
        Assert.Equal((TeardownStatus.Completed, "ok", "EPIPE", Cause.IdleTimeout), (test.Status, test.FirstWriteAfterClose, test.SecondWriteAfterClose, test.Cause));
        Assert.Equal("RemoteCertificateNameMismatch, RemoteCertificateChainErrors (UntrustedRoot)", test.Error);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_FIN_without_close_notify_is_recognized(SslProtocols version)
    {
        TeardownTest test = Probe(version, (_, socket) =>
        {
            socket.Close();
            return Task.CompletedTask;
        });
        Assert.True((test.TlsCloseNotify, test.Mechanism, test.State) == (false, CloseMechanism.Fin, CloseState.Reset), ProbedServer.Dump(test));
        Assert.Equal(("EOF", "ok", "EPIPE"), (test.ReadAfterClose, test.FirstWriteAfterClose, test.SecondWriteAfterClose));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_close_notify_without_a_FIN_is_reported_and_leaves_the_connection_open(SslProtocols version)
    {
        TaskCompletionSource done = new();
        TeardownTest test = Probe(version, async (tls, _) =>
        {
            await tls.ShutdownAsync();
            await done.Task; // waits for the probe's close_notify
        }, Tls with { WaitLimit = Pause });
        done.SetResult();
        Assert.True((test.TlsCloseNotify, test.State, test.Mechanism, test.Cause) == (true, CloseState.Open, CloseMechanism.None, Cause.StillOpen), ProbedServer.Dump(test));
        Assert.Contains("close_notify", test.Explanation, StringComparison.Ordinal);
        Assert.Null(test.ClosedAfter);
        Assert.NotEqual("", test.Advice);
    }

    [Fact]
    public void A_reset_inside_TLS_has_its_errno()
    {
        TeardownTest test = Probe(SslProtocols.Tls13, async (_, socket) =>
        {
            await Task.Delay(Pause);
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        });
        Assert.True((test.TlsCloseNotify, test.Mechanism, test.ReadAfterClose) == (false, CloseMechanism.Reset, "ECONNRESET"), ProbedServer.Dump(test));
        Assert.Equal(("EPIPE", "EPIPE"), (test.FirstWriteAfterClose, test.SecondWriteAfterClose));
    }

    [Fact]
    public void An_idle_TLS_connection_can_be_written_to_at_the_limit()
    {
        TaskCompletionSource done = new();
        TeardownTest test = Probe(SslProtocols.Tls13, async (_, _) => await done.Task, Tls with { Probes = [TeardownProbeKind.Idle], WaitLimit = Pause });
        done.SetResult();
        Assert.True((test.State, test.Cause, test.TlsCloseNotify) == (CloseState.Open, Cause.StillOpen, null), ProbedServer.Dump(test));
        SocketStep[] sends = [.. test.Steps.Where(step => step.Call.StartsWith("send", StringComparison.Ordinal))];
        Assert.Equal(sends[^2].Bytes, sends[^1].Bytes); // the same record twice: before the silence, and after it
        Assert.True(sends[^1].Elapsed - sends[^2].Elapsed >= Pause.TotalSeconds - 0.02);
    }

    [Fact]
    public void The_requested_server_name_can_differ_from_the_target()
    {
        using TlsServer server = new(SslProtocols.Tls13, (_, _) => Task.CompletedTask);
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], Tls with { TlsName = "probed.test" }));
        Assert.Equal(("probed.test", "RemoteCertificateChainErrors (UntrustedRoot)"), (server.AskedFor, test.Error));
    }

    [Fact]
    public void A_certificate_that_has_expired_is_named_and_the_close_is_measured_anyway()
    {
        using TlsServer server = new(SslProtocols.Tls13, (_, socket) =>
        {
            socket.Close();
            return Task.CompletedTask;
        }, lastDay: DateTimeOffset.UtcNow.AddDays(-1));
        TeardownTest test = Assert.Single(TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], Tls with { TlsName = "probed.test" }));
        Assert.Equal((TeardownStatus.Completed, CloseMechanism.Fin), (test.Status, test.Mechanism));
        Assert.Equal("RemoteCertificateChainErrors (NotTimeValid, UntrustedRoot)", test.Error);
    }

    [Fact]
    public void A_port_that_speaks_no_TLS_is_a_result()
    {
        TeardownTest test = ProbedServer.Probe(new BrokenPipeServerOptions { Behavior = ServerBehavior.RandomBytes, Seed = 1 }, Tls);
        Assert.True((test.Status, test.Mechanism, test.Cause) == (TeardownStatus.TlsFailed, CloseMechanism.Fin, Cause.Undetermined), ProbedServer.Dump(test));
        Assert.False(string.IsNullOrEmpty(test.Error));
        Assert.Contains("TLS", test.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_that_is_not_answered_ends_with_the_time()
    {
        TeardownTest test = ProbedServer.Probe(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer }, Tls with { ConnectTimeout = Pause });
        Assert.True((test.Status, test.State) == (TeardownStatus.TlsFailed, CloseState.Open), ProbedServer.Dump(test));
    }

    private static TeardownTest Probe(SslProtocols version, Func<SslStream, Socket, Task> end, TeardownOptions? options = null)
    {
        using TlsServer server = new(version, end);
        return Assert.Single(TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], options ?? Tls));
    }
}
