using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Starting and stopping a server, and the bounds of its options.</summary>
public sealed class BrokenPipeServerStartTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    [Fact]
    public void It_listens_on_loopback_on_a_free_port_by_default()
    {
        using BrokenPipeServer one = BrokenPipeServer.Start(new BrokenPipeServerOptions());
        using BrokenPipeServer two = BrokenPipeServer.Start(new BrokenPipeServerOptions());
        Assert.Equal(("127.0.0.1", $"127.0.0.1:{one.Port}", new Uri($"http://127.0.0.1:{one.Port}/")), (one.Address!, one.EndPoint, one.Uri!));
        Assert.NotEqual((one.Id, one.Port), (two.Id, two.Port));
    }

    [Theory]
    [InlineData("0.0.0.0", "http://127.0.0.1:")]
    [InlineData("::", "http://[::1]:")]
    [InlineData("::1", "http://[::1]:")]
    public void The_Uri_can_be_reached_from_this_machine(string address, string start)
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Address = IPAddress.Parse(address) });
        Assert.Equal($"{start}{server.Port}/", server.Uri!.AbsoluteUri);
    }

    [Fact]
    public void An_address_in_use_is_reported()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions());
        ServerStartException problem = Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(new BrokenPipeServerOptions { Port = server.Port }));
        Assert.Equal(ServerProblemId.AddressInUse, problem.Id);
        Assert.Contains($"127.0.0.1:{server.Port}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_of_another_machine_is_reported()
    {
        BrokenPipeServerOptions options = new() { Address = IPAddress.Parse("192.0.2.1") }; // TEST-NET-1, RFC 5737
        Assert.Equal(ServerProblemId.AddressNotAvailable, Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(options)).Id);
    }

    /// <summary>.NET has no text for most errors of a folder.</summary>
    [Fact]
    public void An_error_without_a_text_of_NET_has_that_of_the_system()
    {
        const int ReadOnlyFileSystem = 30; // EROFS, on Linux and macOS
        if (OperatingSystem.IsWindows())
            return;
        ServerStartException error = ListenerSocket.Explain(new SocketException(ReadOnlyFileSystem), new IPEndPoint(IPAddress.Loopback, 80));
        Assert.Contains("Read-only file system (errno 30)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_Unix_sockets_are_checked()
    {
        string folder = Directory.CreateTempSubdirectory("brokenpipe-serve-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "file"), "precious");
            Assert.Equal(ServerProblemId.UnixSocketPathExists, ProblemOf(Path.Combine(folder, "file")));
            Assert.Equal(ServerProblemId.UnixSocketPathInvalid, ProblemOf(Path.Combine(folder, "none", "x.sock")));
            Assert.Equal(ServerProblemId.UnixSocketPathInvalid, ProblemOf(Path.Combine(folder, new string('x', 200))));
            Assert.Equal("precious", File.ReadAllText(Path.Combine(folder, "file")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static TheoryData<BrokenPipeServerOptions> Wrong =>
    [
        new BrokenPipeServerOptions { Port = 65_536 },
        new BrokenPipeServerOptions { Port = -1 },
        new BrokenPipeServerOptions { IdleTimeout = TimeSpan.Zero },
        new BrokenPipeServerOptions { IdleTimeout = TimeSpan.FromDays(2) },
        new BrokenPipeServerOptions { Interval = TimeSpan.FromSeconds(-1) },
        new BrokenPipeServerOptions { MaxConnections = 0 },
        new BrokenPipeServerOptions { MaxRequests = 0 },
        new BrokenPipeServerOptions { MaxRequestBytes = 10 },
        new BrokenPipeServerOptions { HeaderTimeout = TimeSpan.Zero },
        new BrokenPipeServerOptions { HeaderTimeout = TimeSpan.FromDays(2) },
        new BrokenPipeServerOptions { LogCapacity = -1 },
        new BrokenPipeServerOptions { UnixSocketPath = "x.sock" },
        new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink, Port = 80 },
        new BrokenPipeServerOptions { Behavior = (ServerBehavior)999 },
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Options_out_of_range_are_refused(BrokenPipeServerOptions options)
    {
        ServerStartException error = Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(options));
        Assert.Equal(ServerProblemId.ServerOptionInvalid, error.Id);
        Assert.Contains(typeof(BrokenPipeServerOptions).GetProperties(), option => error.Message.StartsWith(option.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Stop_ends_every_connection_and_may_be_called_again()
    {
        BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer });
        TestClient[] clients = [.. Enumerable.Range(0, 50).Select(_ => new TestClient(server))];
        Assert.True(SpinWait.SpinUntil(() => server.Open == clients.Length, MaxWait));
        server.Stop();
        server.Stop();
        Assert.Equal((false, 0, 50L), (server.IsRunning, server.Open, server.Accepted));
        Assert.All(server.Connections, c => Assert.Equal(ServedEnding.Stopped, c.Ending));
        Assert.All(clients, c => Assert.Equal("0", c.Read()));
        Array.ForEach(clients, c => c.Dispose());
        using BrokenPipeServer next = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.NeverAnswer, Port = server.Port }); // the port is free again
    }

    [Fact]
    public void The_log_keeps_the_latest_and_the_totals_count_all()
    {
        List<long> reported = [];
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions
        {
            Behavior = ServerBehavior.CloseOnAccept,
            LogCapacity = 3,
            ConnectionEnded = c =>
            {
                lock (reported)
                    reported.Add(c.Number);
            },
        });
        for (int i = 0; i < 10; i++)
        {
            using TestClient client = new(server);
            client.Read();
        }

        Assert.Equal([8, 9, 10], server.Connections.Select(c => c.Number));
        Assert.Equal(10, server.Accepted);
        server.Stop();
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), reported.Order());
    }

    [Fact]
    public void Every_behavior_has_a_summary_of_one_line() =>
        Assert.Equal(Enum.GetValues<ServerBehavior>(), ServerBehaviors.All.Select(b => b.Behavior));

    private static ServerProblemId ProblemOf(string path) =>
        Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.UnixSink, UnixSocketPath = path })).Id;
}
