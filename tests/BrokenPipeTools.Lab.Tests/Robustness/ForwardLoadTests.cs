using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.FaultServer;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// Many connections, many bytes and hostile clients through a forwarding server, and through one with TLS: neither grows. No other test may run at
/// the same time.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed class ForwardLoadTests
{
    private const int Gigabyte = 1 << 30;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void Ten_thousand_connections_do_not_make_the_server_larger()
    {
        using BrokenPipeServer upstream = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpHeadersOnly, LogCapacity = 100 });
        using BrokenPipeServer proxy = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.Forward, Upstream = upstream.EndPoint, LogCapacity = 100 });
        Ask(proxy, 500);
        Assert.True(proxy.WaitForEnded(500, MaxWait));
        Footprint before = Footprint.Now();
        Ask(proxy, 10_000);
        Assert.True(proxy.WaitForEnded(10_500, MaxWait) && upstream.WaitForEnded(10_500, MaxWait), $"{proxy.Open} and {upstream.Open} are open");
        Footprint.Now().IsNoLargerThan(before);
        Assert.Equal((10_500L, 0L, 0), (proxy.Accepted, proxy.Evicted, proxy.Open));
        Assert.All(proxy.Connections, c => Assert.Equal((ServedEnding.ClosedByClient, null), (c.Ending, c.Fault)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forwarded_gigabyte_arrives_whole_and_memory_does_not_grow(bool toClient)
    {
        using Forwarded ends = new(ServerBehavior.Forward);
        await PassAsync(ends, toClient, 10 << 20);
        Footprint before = Footprint.Now();
        await PassAsync(ends, toClient, Gigabyte);
        Footprint.Now().IsNoLargerThan(before);
        ServedConnection served = ends.Server.Connections[0];
        Assert.Equal(Gigabyte + (10L << 20), toClient ? served.BytesSent : served.BytesReceived);
    }

    [Fact]
    public void A_client_that_does_not_read_does_not_make_it_hold_more()
    {
        using Forwarded ends = new(ServerBehavior.Forward);
        Footprint.Settle();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        byte[] bytes = new byte[1 << 20];
        ends.Upstream.Blocking = false;
        long sent = 0;
        while (ends.Upstream.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite)) // until no more bytes are accepted for a second
            sent += ends.Upstream.Send(bytes, 0, bytes.Length, SocketFlags.None, out _);
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < 3 << 20, $"{held} bytes are held of {sent}"); // one buffer of the server, and this test's own
    }

    [Theory]
    [InlineData(ServerBehavior.Forward, false)]
    [InlineData(ServerBehavior.Forward, true)]
    [InlineData(ServerBehavior.ForwardThenReset, false)]
    [InlineData(ServerBehavior.ForwardThenClose, true)]
    [InlineData(ServerBehavior.ForwardThenSilence, false)]
    [InlineData(ServerBehavior.HttpJson, true)]
    [InlineData(ServerBehavior.ResetDuringHandshake, true)]
    public void Twenty_four_hostile_threads_neither_stop_the_server_nor_make_it_larger(ServerBehavior behavior, bool tls)
    {
        using BrokenPipeServer upstream = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.HttpJson, LogCapacity = 100, MaxConnections = 64, HeaderTimeout = TimeSpan.FromSeconds(5) });
        bool forwards = behavior.ToString().StartsWith("Forward", StringComparison.Ordinal);
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions
        {
            Behavior = behavior,
            UseTls = tls,
            Upstream = forwards ? upstream.EndPoint : null,
            AfterBytes = forwards && behavior != ServerBehavior.Forward ? 50 : null,
            MaxConnections = HostileClientsTests.Room,
            LogCapacity = 2000,
            HeaderTimeout = TimeSpan.FromSeconds(5),
        });
        HostileClientsTests.Attack(server);
        AwaitQuiet(server, HostileClientsTests.Clients);
        AwaitNone(upstream);
        Footprint before = Footprint.Now();
        List<TestClient> held = HostileClientsTests.Attack(server, hold: true);
        Assert.InRange(server.Open, 0, HostileClientsTests.Room);
        AssertServes(server, tls);
        held.ForEach(client => client.Dispose());
        AwaitQuiet(server, HostileClientsTests.Clients + 1 + HostileClientsTests.Clients);
        AwaitNone(upstream);
        Footprint.Now().IsNoLargerThan(before);
        AssertServes(server, tls);
        Assert.DoesNotContain(server.Connections, connection => connection is { Ending: ServedEnding.Failed, Error: null });
    }

    /// <summary>Uses separate threads, because the pool would get more threads for clients that wait.</summary>
    private static void Ask(BrokenPipeServer proxy, int connections)
    {
        const int Threads = 4;
        int failed = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < connections / Threads; i++)
            {
                using TestClient client = new(proxy);
                client.Write(TestClient.Get);
                if (!char.IsAsciiDigit(client.Read()[0]))
                    Interlocked.Increment(ref failed);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, failed);
    }

    private static async Task PassAsync(Forwarded ends, bool toClient, int total)
    {
        (Socket from, Socket to) = toClient ? (ends.Upstream, ends.Client) : (ends.Client, ends.Upstream);
        byte[] sent = new byte[1 << 20];
        byte[] received = new byte[1 << 20];
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < total / sent.Length; i++)
                from.Send(sent);
        });
        await Task.Run(() =>
        {
            for (int read = 0; read < total;)
            {
                int count = to.Receive(received);
                Assert.NotEqual(0, count);
                read += count;
            }
        });
        await sending;
    }

    private static void AwaitQuiet(BrokenPipeServer server, long ended) =>
        Assert.True(server.WaitForEnded(ended, MaxWait) && server.Open == 0, $"{server.Accepted} accepted of {ended}, {server.Open} open");

    /// <summary>
    /// Waits until the upstream server has no connection. It is in this process: its connections have handles here too, and end a little later than
    /// those of the forwarding server.
    /// </summary>
    private static void AwaitNone(BrokenPipeServer upstream) => Assert.True(SpinWait.SpinUntil(() => upstream.Open == 0, MaxWait), $"{upstream.Open} open");

    private static void AssertServes(BrokenPipeServer server, bool tls)
    {
        string end;
        string text;
        if (tls)
        {
            using TlsTestClient client = new(server);
            (text, end) = client.Ask("GET / HTTP/1.0\r\n\r\n");
        }
        else
        {
            using TestClient client = new(server);
            client.Write("GET / HTTP/1.0\r\n\r\n");
            if (server.Behavior == ServerBehavior.ForwardThenSilence)
                client.FinishSending();
            (text, end) = server.Behavior == ServerBehavior.ForwardThenSilence ? (client.Read() == "50" ? "HTTP/" : "", "silence") : client.ReadToEnd();
        }

        string expected = server.Behavior switch
        {
            ServerBehavior.ForwardThenReset => "ECONNRESET",
            ServerBehavior.ForwardThenSilence => "silence",
            ServerBehavior.ResetDuringHandshake => "handshake ECONNRESET",
            _ => tls ? "close_notify" : "EOF",
        };
        Assert.Equal((server.Behavior != ServerBehavior.ResetDuringHandshake, expected), (text.StartsWith("HTTP/", StringComparison.Ordinal), end));
    }
}
