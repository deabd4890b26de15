using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>Several probes of several targets, and the bytes that they have sent.</summary>
public sealed class TeardownRunTests
{
    [Fact]
    public void Every_probe_is_made_as_often_as_requested_on_its_own_connection()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseOnAccept });
        TeardownOptions options = new() { Probes = [TeardownProbeKind.PeerClose, TeardownProbeKind.Idle], Count = 3, Delay = TimeSpan.FromMilliseconds(20) };
        TeardownTest[] tests = [.. TeardownProbe.Run([new TeardownTarget("127.0.0.1", server.Port)], options)];
        Assert.Equal(
            [(TeardownProbeKind.PeerClose, 1), (TeardownProbeKind.Idle, 1), (TeardownProbeKind.PeerClose, 2), (TeardownProbeKind.Idle, 2), (TeardownProbeKind.PeerClose, 3), (TeardownProbeKind.Idle, 3)],
            tests.Select(test => (test.Probe, test.Iteration)));
        Assert.Equal(6, server.Accepted);
        for (int i = 1; i < tests.Length; i++)
            Assert.True(tests[i].StartTime - tests[i - 1].StartTime.AddSeconds(tests[i - 1].Duration) >= TimeSpan.FromMilliseconds(10));
    }

    [Theory]
    [InlineData(TeardownProbeKind.PeerClose, null, 0)] // no byte before the server has closed
    [InlineData(TeardownProbeKind.Idle, null, 0)]
    [InlineData(TeardownProbeKind.HalfClose, null, 0)]
    [InlineData(TeardownProbeKind.UnreadClose, null, 0)]
    [InlineData(TeardownProbeKind.PeerClose, "hello", 5)]
    [InlineData(TeardownProbeKind.Idle, "hello", 10)] // once more at the limit
    [InlineData(TeardownProbeKind.HalfClose, "hello", 5)]
    [InlineData(TeardownProbeKind.UnreadClose, "hello", 5)]
    [InlineData(TeardownProbeKind.KeepAliveRace, "hello", 5)] // no answer, so no second request
    public void Only_the_requested_payload_is_sent(TeardownProbeKind probe, string? payload, long received)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer });
        TeardownOptions options = new() { Probes = [probe], Payload = payload is null ? default : ProbedServer.Bytes(payload), WaitLimit = TimeSpan.FromMilliseconds(200) };
        TeardownTest test = ProbedServer.Probe(server, options);
        Assert.Equal(TeardownStatus.Completed, test.Status);
        Assert.True(server.WaitForEnded(1, TimeSpan.FromSeconds(60)));
        Assert.Equal(received, Assert.Single(server.Connections).BytesReceived);
    }

    [Fact]
    public void A_run_takes_targets_while_it_runs_and_none_after_the_last()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.CloseOnAccept });
        using TeardownRun run = new(new TeardownOptions());
        TeardownTarget target = new("127.0.0.1", server.Port);
        for (int i = 0; i < 3; i++)
        {
            run.Add(target);
            Assert.True(run.TryTake(TimeSpan.FromSeconds(60), out TeardownTest? test));
            Assert.Equal(TeardownStatus.Completed, test.Status);
            Assert.False(run.IsFinished);
        }

        run.Complete();
        run.Complete();
        Assert.False(run.TryTake(TimeSpan.FromSeconds(60), out _));
        Assert.True(run.IsFinished);
        Assert.Throws<InvalidOperationException>(() => run.Add(target));
    }

    [Fact]
    public void The_steps_of_a_long_race_are_its_first_and_its_last()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.MaxRequests, MaxRequests = 300 });
        TeardownTest test = ProbedServer.Probe(server, new TeardownOptions { Probes = [TeardownProbeKind.KeepAliveRace], HttpPath = "/" });
        Assert.Equal(300, test.Requests);
        Assert.InRange(test.Steps.Count, 100, 202);
        Assert.Equal(1, test.Steps[0].Number);
        Assert.True(test.Steps[^1].Number > 600);
        Assert.Equal(test.Steps.Select(step => step.Number).Order(), test.Steps.Select(step => step.Number));
    }
}
