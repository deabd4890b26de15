using System.Diagnostics;
using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.FaultServer;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>The misbehaving server with misbehaving clients: its memory does not grow, and it does not fail. No other test may run at the same time.</summary>
[Collection(nameof(WholeProcess))]
public sealed class BrokenPipeServerLoadTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_server_that_is_started_and_stopped_a_thousand_times_leaves_nothing()
    {
        StartAndStop(20); // so that the one-time work of the runtime is done
        Footprint before = Footprint.Now();
        StartAndStop(1000);
        Footprint.Now().IsNoLargerThan(before);
    }

    [Fact]
    public void Ten_thousand_hostile_connections_neither_stop_the_server_nor_make_it_larger()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, LogCapacity = 100 });
        Attack(server, 500);
        AwaitQuiet(server, 500);
        Footprint before = Footprint.Now();
        Attack(server, 10_000);
        AwaitQuiet(server, 10_500);
        Footprint.Now().IsNoLargerThan(before);
        Assert.Equal(0, server.Evicted);
        AssertServes(server);
    }

    [Fact]
    public async Task A_client_that_never_reads_does_not_make_it_hold_more()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHtml });
        using TestClient client = new(server);
        client.Socket.ReceiveBufferSize = 4096;
        client.Socket.Blocking = false;
        byte[] requests = [.. Enumerable.Repeat(System.Text.Encoding.ASCII.GetBytes(TestClient.Get), 2000).SelectMany(r => r)];
        Footprint.Settle();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long sent = 0;
        Stopwatch stuck = Stopwatch.StartNew();
        while (stuck.Elapsed < TimeSpan.FromSeconds(1)) // until no byte is accepted for a second, because the buffers of both kernels are full
        {
            int count = client.Socket.Send(requests, 0, requests.Length, SocketFlags.None, out _);
            sent += count;
            if (count > 0)
                stuck.Restart();
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < 1 << 20, $"{held} bytes are held for {sent} bytes of requests");
        await Task.Run(server.Stop).WaitAsync(MaxWait); // Stop does not wait for the client
        Assert.Equal(ServedEnding.Stopped, Assert.Single(server.Connections).Ending);
    }

    private static void StartAndStop(int times)
    {
        ServerBehavior[] behaviors = [.. Enum.GetValues<ServerBehavior>().Where(behavior => behavior is < ServerBehavior.Refuse or > ServerBehavior.ForwardThenSilence)];
        for (int i = 0; i < times; i++)
        {
            BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behaviors[i % behaviors.Length] });
            using TestClient client = new(server);
            server.Stop(); // while the client is connected: accepted, or still in the queue
        }
    }

    /// <summary>Clients that send nothing, that send random bytes, that never read their answers, that reset immediately; 64 at a time.</summary>
    private static void Attack(BrokenPipeServer server, int connections)
    {
        Queue<TestClient> held = new();
        string flood = string.Concat(Enumerable.Repeat(TestClient.Get, 50));
        for (int i = 0; i < connections; i++)
        {
            if (held.Count == 64)
                held.Dequeue().Dispose();
            TestClient client = new(server);
            if (i % 4 == 3)
            {
                client.Reset();
                continue;
            }

            held.Enqueue(client);
            if (i % 4 > 0)
                client.Write(i % 4 == 1 ? "\0\u0001garbage" + (char)(i % 256) : flood);
        }

        foreach (TestClient client in held)
            client.Dispose();
    }

    private static void AwaitQuiet(BrokenPipeServer server, long ended) =>
        Assert.True(server.WaitForEnded(ended, MaxWait) && server.Open == 0, $"{server.Accepted} accepted, {server.Open} open");

    private static void AssertServes(BrokenPipeServer server)
    {
        using TestClient client = new(server);
        client.Write("GET / HTTP/1.0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK", client.ReadToEnd().Text, StringComparison.Ordinal);
    }
}
