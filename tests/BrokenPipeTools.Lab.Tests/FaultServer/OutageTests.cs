using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.FaultServer.Serving;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.FaultServer;

/// <summary>Outages, which keep clients out before their connections are accepted.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Addresses => ["127.0.0.1", "::1", "0.0.0.0"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public void A_server_refuses_from_the_start_and_then_serves(string address)
    {
        using BrokenPipeServer server = StartRefusing(address, out ServedConnection outage);
        Assert.Equal((1, ServerBehavior.Refuse, ""), (outage.Number, outage.Behavior!.Value, outage.RemoteAddress));
        Assert.True(SpinWait.SpinUntil(() => Connect(server) == SocketError.Success, MaxWait));
        Assert.True(server.WaitForEnded(2, MaxWait));
        Assert.Equal([ServedEnding.NotAccepted, ServedEnding.ClosedByClient], server.Connections.Select(c => c.Ending));
        Assert.Equal(1, server.Accepted);
        Assert.Equal([ServerBehavior.Refuse, ServerBehavior.HttpJson], server.Connections.Select(c => c.Behavior!.Value));
    }

    /// <summary>
    /// Starts a server, and connects in its outage. If this machine was so busy that the outage was over before the connect, starts another server with a
    /// longer outage; the longest one is a day.
    /// </summary>
    private static BrokenPipeServer StartRefusing(string address, out ServedConnection outage)
    {
        const int Longer = 8;
        for (TimeSpan time = TimeSpan.FromSeconds(1); ; time = TimeSpan.FromTicks(Math.Min(time.Ticks * Longer, BrokenPipeServerOptions.LongestTime.Ticks)))
        {
            BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.Refuse, ServerBehavior.HttpJson], Outage = time, Address = IPAddress.Parse(address) });
            SocketError result = Connect(server);
            outage = server.Connections[0];
            if (outage.Ending == ServedEnding.Open)
            {
                Assert.Equal(SocketError.ConnectionRefused, result); // the outage had not ended after the connect
                return server;
            }

            server.Dispose();
            Assert.True(time < BrokenPipeServerOptions.LongestTime);
        }
    }

    [Fact]
    public void An_open_connection_is_served_while_new_ones_are_refused()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.HttpJson, ServerBehavior.Refuse] });
        using TestClient client = new(server);
        Assert.True(SpinWait.SpinUntil(() => server.Connections.Count == 2, MaxWait));
        Assert.Equal(SocketError.ConnectionRefused, Connect(server));
        client.Write(TestClient.Get);
        Assert.NotEqual("0", client.Read());
        server.Stop();
        Assert.Equal([ServedEnding.Stopped, ServedEnding.Stopped], server.Connections.Select(c => c.Ending));
    }

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "127.0.0.1")]
    [InlineData(true, "::1")]
    public void The_port_of_a_server_that_refuses_is_taken(bool served, string address)
    {
        if (!OperatingSystem.IsLinux())
            return; // on other systems the socket is closed and another one is bound
        ServerBehavior[] behaviors = served ? [ServerBehavior.CloseOnAccept, ServerBehavior.Refuse] : [ServerBehavior.Refuse, ServerBehavior.HttpJson];
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = behaviors, Loop = true, Outage = TimeSpan.FromSeconds(2), Address = IPAddress.Parse(address) });
        if (served)
            Assert.Equal(SocketError.Success, Connect(server)); // leaves a TIME_WAIT
        Assert.True(SpinWait.SpinUntil(() => server.Connections.Any(c => c is { Behavior: ServerBehavior.Refuse, Ending: ServedEnding.Open }) && Connect(server) == SocketError.ConnectionRefused, MaxWait));
        Assert.Equal(ServerProblemId.AddressInUse, Assert.Throws<ServerStartException>(() => BrokenPipeServer.Start(new BrokenPipeServerOptions { Port = server.Port, Address = IPAddress.Parse(address) })).Id);
        Assert.True(SpinWait.SpinUntil(() => Connect(server) == SocketError.Success, MaxWait)); // it listens again
    }

    /// <summary>The kernel repeats a SYN after a second, so connect returns only when a repeated SYN is answered.</summary>
    [Theory]
    [InlineData(ServerBehavior.FullBacklog, "127.0.0.1")]
    [InlineData(ServerBehavior.FullBacklog, "::1")]
    [InlineData(ServerBehavior.DropSyn, "127.0.0.1")]
    [InlineData(ServerBehavior.DropSyn, "::1")]
    public void A_SYN_is_not_answered_until_it_is_over(ServerBehavior behavior, string address)
    {
        if (!OperatingSystem.IsLinux() || (behavior == ServerBehavior.DropSyn && !Environment.IsPrivilegedProcess))
            return; // some kernels permit a filter to root alone
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [behavior, ServerBehavior.HttpJson], Outage = TimeSpan.FromMilliseconds(700), Address = IPAddress.Parse(address) });
        Assert.Equal(SocketError.Success, Connect(server));
        Assert.Equal((behavior, ServedEnding.NotAccepted), (server.Connections[0].Behavior!.Value, server.Connections[0].Ending));
        Assert.True(server.WaitForEnded(2, MaxWait));
        Assert.Equal((1L, ServedEnding.ClosedByClient), (server.Accepted, server.Connections[1].Ending));
    }

    [Theory]
    [InlineData(ServerBehavior.FullBacklog)]
    [InlineData(ServerBehavior.DropSyn)]
    public void As_the_last_behavior_an_outage_lasts_until_the_server_is_stopped(ServerBehavior behavior)
    {
        if (!OperatingSystem.IsLinux() || (behavior == ServerBehavior.DropSyn && !Environment.IsPrivilegedProcess))
            return; // some kernels permit a filter to root alone
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Outage = TimeSpan.FromMilliseconds(1) });
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        Assert.Equal(SocketError.InProgress, Assert.Throws<SocketException>(() => client.Connect(server.Address!, server.Port)).SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress ? SocketError.InProgress : SocketError.Success);
        Assert.False(client.Poll(TimeSpan.FromMilliseconds(300), SelectMode.SelectWrite));
        server.Stop();
        Assert.Equal((ServedEnding.Stopped, 0L), (Assert.Single(server.Connections).Ending, server.Accepted));
    }

    [Fact]
    public void A_late_accept_lets_clients_connect_and_serves_them_afterward()
    {
        using BrokenPipeServer waits = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.LateAccept });
        using TestClient first = new(waits);
        Assert.Equal($"{TestClient.Get.Length}", first.Write(TestClient.Get));
        Assert.False(first.Socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead));
        Assert.Equal((0L, ServedEnding.Open), (waits.Accepted, Assert.Single(waits.Connections).Ending));

        using BrokenPipeServer serves = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [ServerBehavior.LateAccept, ServerBehavior.HttpJson], Outage = TimeSpan.FromMilliseconds(300) });
        using TestClient second = new(serves);
        second.Write(TestClient.Get);
        Assert.NotEqual("0", second.Read());
        Assert.Equal(ServedEnding.NotAccepted, serves.Connections[0].Ending);
    }

    /// <summary>A client's retry comes microseconds after the end of its previous connection.</summary>
    [Theory]
    [InlineData(ServerBehavior.ResetOnAccept, ServerBehavior.Refuse)]
    [InlineData(ServerBehavior.CloseOnAccept, ServerBehavior.Refuse)]
    [InlineData(ServerBehavior.ResetOnAccept, ServerBehavior.FullBacklog)]
    [InlineData(ServerBehavior.ResetOnAccept, ServerBehavior.DropSyn)]
    public void A_client_that_connects_again_immediately_meets_the_outage(ServerBehavior first, ServerBehavior outage)
    {
        if (!OperatingSystem.IsLinux() || (outage == ServerBehavior.DropSyn && !Environment.IsPrivilegedProcess))
            return; // some kernels permit a filter to root alone
        for (int run = 0; run < 40; run++)
        {
            using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [first, outage] });
            using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using Socket again = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = outage == ServerBehavior.Refuse };
            client.Connect(server.Address!, server.Port);
            Assert.True(client.Poll(MaxWait, SelectMode.SelectRead)); // its end
            SocketError result = Assert.Throws<SocketException>(() => again.Connect(server.Address!, server.Port)).SocketErrorCode;
            Assert.Equal(outage == ServerBehavior.Refuse ? SocketError.ConnectionRefused : SocketError.WouldBlock, result is SocketError.InProgress ? SocketError.WouldBlock : result);
            Assert.False(outage != ServerBehavior.Refuse && again.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectWrite));
            Assert.Equal([first, outage], server.Connections.Select(c => c.Behavior!.Value));
        }
    }

    [Fact]
    public void Outages_of_one_kind_follow_each_other_without_a_gap()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [.. Enumerable.Repeat(ServerBehavior.Refuse, 200), ServerBehavior.HttpJson], Outage = TimeSpan.FromMilliseconds(5) });
        Assert.True(SpinWait.SpinUntil(() => Connect(server) == SocketError.Success, MaxWait));
        Assert.True(server.WaitForEnded(201, MaxWait));
        Assert.Equal(200, server.Connections.Count(c => c is { Behavior: ServerBehavior.Refuse, Ending: ServedEnding.NotAccepted }));
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public void A_server_that_is_started_and_stopped_in_an_outage_leaves_nothing()
    {
        ServerBehavior[] outages = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            ? [ServerBehavior.Refuse, ServerBehavior.FullBacklog, ServerBehavior.DropSyn, ServerBehavior.LateAccept]
            : [ServerBehavior.Refuse, ServerBehavior.LateAccept];
        foreach (ServerBehavior outage in outages)
        {
            int port;
            using (BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behaviors = [outage, outage, ServerBehavior.HttpJson], Loop = true }))
                port = server.Port;
            using BrokenPipeServer next = BrokenPipeServer.Start(new BrokenPipeServerOptions { Port = port });
            using TestClient client = new(next);
            client.Write(TestClient.Get);
            Assert.NotEqual("0", client.Read());
        }
    }

    private static SocketError Connect(BrokenPipeServer server)
    {
        IPAddress address = IPAddress.Parse(server.Uri!.Host.Trim('[', ']'));
        using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address, server.Port);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
