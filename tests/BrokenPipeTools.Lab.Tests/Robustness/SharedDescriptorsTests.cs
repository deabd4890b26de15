using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tests.FaultServer;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// Several servers share the descriptors of the process: the connection that was idle for the longest time makes room, whichever server has it. The
/// spec of the server has the limit itself, in a process of its own.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed class SharedDescriptorsTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_idlest_connection_of_all_servers_is_closed_and_is_in_the_log_of_its_own_server()
    {
        using BrokenPipeServer first = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer });
        using BrokenPipeServer second = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using TestClient oldest = Idle(first, 1);
        using TestClient middle = Idle(second, 1);
        using TestClient latest = Idle(first, 2);

        Assert.True(SharedDescriptors.EvictIdlest());
        Assert.Equal(("", "EOF"), oldest.ReadToEnd());
        Assert.Equal(("1 Evicted EMFILE, 2 Open ", "1 Open "), (Log(first), Log(second)));

        Assert.True(SharedDescriptors.EvictIdlest());
        Assert.Equal(("", "EOF"), middle.ReadToEnd());
        Assert.Equal(("1 Evicted EMFILE, 2 Open ", "1 Evicted EMFILE"), (Log(first), Log(second)));
        Assert.Equal((1L, 1L, 1, 0), (first.Evicted, second.Evicted, first.Open, second.Open));
    }

    [Fact]
    public void A_stopped_server_has_nothing_to_give()
    {
        using BrokenPipeServer stopped = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer });
        using TestClient client = Idle(stopped, 1);
        stopped.Stop();
        Assert.False(SharedDescriptors.EvictIdlest());
        Assert.Equal("1 Stopped ", Log(stopped));
    }

    /// <summary>Connects, and waits until the server has accepted.</summary>
    private static TestClient Idle(BrokenPipeServer server, int number)
    {
        TestClient client = new(server);
        Assert.True(SpinWait.SpinUntil(() => server.Open == number, MaxWait));
        return client;
    }

    private static string Log(BrokenPipeServer server) => string.Join(", ", server.Connections.Select(c => $"{c.Number} {c.Ending} {c.Error}"));
}
