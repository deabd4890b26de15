using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.FaultServer;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>
/// Twenty-four threads of clients against every behavior of the server. It stays within its bounds, serves a good client while the hostile ones still
/// hold their connections, and returns to its initial state after they have closed. No other test may run at the same time.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed class HostileClientsTests
{
    private const int Threads = 24;
    internal const int Room = 16;
    private const int Rounds = 2;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    /// <summary>The actions of hostile clients. Each leaves its connection open; it is closed at the end of the attack.</summary>
    private static readonly Action<TestClient>[] Attacks =
    [
        static _ => { }, // silent
        static client => client.Write("GET / HTTP/1.1\r\nHost: half"),
        static client => client.Write("POST / HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\nhalf"),
        static client => Repeat(client, "GET / HTTP/1.1\r\n", "X-Endless: " + new string('x', 8000) + "\r\n", 40),
        static client => Repeat(client, "", TestClient.Get, 200), // and never reads
        static client => Repeat(client, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "fffffff;x=y\r\n", 50),
        static client => Repeat(client, "", "\0\u0001\u001b]0;garbage\u0007\r\n", 50),
        static client => Trickle(client, "GET /slow HTTP/1.1\r\nHost: t"),
        static client => client.Reset(),
        static client => client.FinishSending(),
        static client =>
        {
            client.Write(TestClient.Get);
            client.Reset();
        },
    ];

    /// <summary>The number of clients in one attack.</summary>
    internal static readonly int Clients = Threads * Rounds * Attacks.Length;

    private static readonly Dictionary<ServerBehavior, string> Served = new()
    {
        [ServerBehavior.HttpHtml] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.HttpJson] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.HttpHeadersOnly] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.SlowResponse] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.IdleTimeout] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.MaxRequests] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.TruncatedBody] = "HTTP/1.1 200 OK EOF",
        [ServerBehavior.EarlyResponse] = "HTTP/1.1 413 Content Too Large EOF",
        [ServerBehavior.ResetOnAccept] = " ECONNRESET",
        [ServerBehavior.ResetAfterRequest] = " ECONNRESET",
        [ServerBehavior.CloseWithUnreadData] = " ECONNRESET",
        [ServerBehavior.CloseAfterRequest] = " EOF",
        [ServerBehavior.HalfClose] = " EOF",
    };

    /// <summary>The behaviors that need no other server and no TLS.</summary>
    public static TheoryData<ServerBehavior> Every => [.. Enum.GetValues<ServerBehavior>().Where(behavior => behavior is < ServerBehavior.Refuse or > ServerBehavior.ForwardThenSilence)];

    [Theory]
    [MemberData(nameof(Every))]
    public void It_stays_within_its_bounds_and_serves_a_good_client(ServerBehavior behavior)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions
        {
            Behavior = behavior,
            MaxConnections = Room,
            LogCapacity = 2000,
            HeaderTimeout = TimeSpan.FromSeconds(5),
            IdleTimeout = TimeSpan.FromSeconds(1),
            Interval = TimeSpan.FromMilliseconds(1),
        });
        Attack(server); // the runtime has done its one-time work now
        AwaitQuiet(server, Clients);
        Footprint before = Footprint.Now();

        List<TestClient> held = Attack(server, hold: true);
        Assert.InRange(server.Open, 0, Room);
        AssertServes(server);
        held.ForEach(client => client.Dispose());

        AwaitQuiet(server, Clients + 1 + Clients);
        Footprint.Now().IsNoLargerThan(before);
        AssertServes(server);
        Assert.DoesNotContain(server.Connections, connection => connection is { Ending: ServedEnding.Failed, Error: null });
    }

    /// <returns>The connections, still open unless the server has closed them, if they are to be held.</returns>
    internal static List<TestClient> Attack(BrokenPipeServer server, bool hold = false)
    {
        List<TestClient>[] held = new List<TestClient>[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => held[number] = Attack(server, number)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        List<TestClient> all = [.. held.SelectMany(clients => clients)];
        Assert.Equal(Clients, all.Count);
        if (!hold)
            all.ForEach(client => client.Dispose());
        return all;
    }

    private static List<TestClient> Attack(BrokenPipeServer server, int number)
    {
        List<TestClient> clients = [];
        for (int i = 0; i < Rounds * Attacks.Length; i++)
        {
            TestClient client = new(server);
            clients.Add(client);
            Attacks[(number + i) % Attacks.Length](client);
        }

        return clients;
    }

    /// <summary>Sends as much as possible without waiting for the server.</summary>
    private static void Repeat(TestClient client, string first, string next, int times)
    {
        client.Socket.Blocking = false;
        client.Write(first);
        for (int i = 0; i < times; i++)
        {
            if (client.Write(next) is "EAGAIN" or "EPIPE" or "ECONNRESET")
                return;
        }
    }

    private static void Trickle(TestClient client, string text)
    {
        foreach (char one in text)
            client.Write($"{one}");
    }

    private static void AwaitQuiet(BrokenPipeServer server, long ended) =>
        Assert.True(server.WaitForEnded(ended, MaxWait) && server.Open == 0, $"{server.Accepted} accepted of {ended}, {server.Open} open");

    private static void AssertServes(BrokenPipeServer server)
    {
        using TestClient client = new(server);
        if (server.Behavior is not (ServerBehavior.ResetOnAccept or ServerBehavior.CloseOnAccept))
            client.Write("GET / HTTP/1.0\r\n\r\n");
        if (server.Behavior is ServerBehavior.NeverAnswer or ServerBehavior.UnixSink)
        {
            Assert.True(SpinWait.SpinUntil(() => server.Connections[^1] is { Ending: ServedEnding.Open, BytesReceived: 18 }, MaxWait), $"{server.Connections[^1]}");
            return;
        }

        (string text, string end) = client.ReadToEnd();
        if (server.Behavior == ServerBehavior.RandomBytes)
            Assert.Equal((7, "EOF"), (text.Length, end));
        else
            Assert.Equal(Served.GetValueOrDefault(server.Behavior, " EOF"), $"{text.Split('\r')[0]} {end}");
    }
}
