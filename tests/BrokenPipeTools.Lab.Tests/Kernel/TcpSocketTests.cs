using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Kernel;

/// <summary>Open sockets of this process in the kernel's list; each predicted call is then made.</summary>
[SupportedOSPlatform("linux")]
public sealed class TcpSocketTests : IDisposable
{
    /// <summary>More bytes than any last segment has room for.</summary>
    private const int Much = 1 << 20;

    private readonly Socket _listener = New();
    private readonly List<Socket> _sockets = [];

    /// <summary>Ports of the peers, stored because .NET clears them after a shutdown.</summary>
    private readonly Dictionary<Socket, int> _remotePorts = [];

    public TcpSocketTests()
    {
        _sockets.Add(_listener);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(5);
    }

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    [LinuxFact]
    public void A_listener_shows_the_connections_that_wait_to_be_accepted()
    {
        Connect();
        Connect();
        TcpSocket listening = Await(_listener, socket => socket.QueueLength == 2);
        Assert.Equal((TcpState.Listen, 5L), (listening.State, listening.QueueLimit));
        Assert.EndsWith($"[{Environment.ProcessId}]: LISTEN, 2 connections to accept", listening.Summary, StringComparison.Ordinal);
        AssertCalls(listening, _listener);
    }

    [LinuxFact]
    public void An_idle_connection_waits_to_read_and_takes_a_write()
    {
        (Socket client, Socket server) = Pair();
        client.Send("12345"u8);
        Assert.Equal(5, server.Receive(new byte[9]));
        TcpSocket listed = Await(server, socket => socket is { State: TcpState.Established, UnreadBytes: 0, SinceReceived: not null });
        Assert.Equal((null, 0L, 0L), (listed.SinceSent, listed.UnsentBytes, listed.UnackedBytes));
        Assert.Equal((Environment.ProcessId, 0L), (listed.ProcessId, listed.Retransmissions));
        AssertCalls(listed, server);
    }

    [LinuxFact]
    public void A_connection_that_the_peer_has_closed_waits_for_its_own_close()
    {
        CloseByPeer(unread: 0);
        CloseByPeer(unread: 144);
    }

    private void CloseByPeer(int unread)
    {
        (Socket client, Socket server) = Pair();
        if (unread > 0)
            client.Send(new byte[unread]);
        client.Shutdown(SocketShutdown.Send);
        TcpSocket listed = Await(server, socket => socket.State == TcpState.CloseWait);
        Assert.Equal(unread, listed.UnreadBytes);
        Assert.Matches($@"\[{Environment.ProcessId}\]: CLOSE_WAIT for \d+ s, {(unread > 0 ? $"{unread} bytes unread, " : "")}has not closed$", listed.Summary);
        Assert.Equal(unread > 0 ? "ok" : "EOF", listed.NextRead);
        TcpSocket other = Await(client, socket => socket.State == TcpState.FinWait2);
        AssertCalls(other, client);
        AssertCalls(listed, server);
    }

    [LinuxFact]
    public void A_peer_that_does_not_read_closes_its_window()
    {
        (Socket client, Socket server) = Pair();
        client.Blocking = false;
        TcpSocket listed = Await(client, socket =>
        {
            bool isFull = socket.UnsentBytes > 0 && socket.NextWrite == "blocks";
            if (!isFull)
                Fill(client); // filled again, because segments in flight have made room
            return isFull;
        });
        Assert.Matches("bytes unsent", listed.Summary);
        Assert.Equal("blocks", Call(() => client.Send(new byte[Much]) == Much ? "ok" : "blocks")); // a few bytes may fit into the last segment
        Assert.Equal(listed.NextRead, Call(() => client.Receive(new byte[1]) > 0 ? "ok" : "EOF"));
        Assert.True(Await(server, socket => socket.UnreadBytes > 0).UnreadBytes > 0);
    }

    [LinuxFact]
    public void A_socket_that_shut_down_a_direction_is_listed_so()
    {
        (Socket client, Socket server) = Pair();
        client.Shutdown(SocketShutdown.Receive);
        AssertCalls(Await(client, socket => socket.NextRead == "EOF"), client);
        server.Shutdown(SocketShutdown.Both);
        AssertCalls(Await(server, socket => socket.State == TcpState.FinWait2), server);
    }

    [LinuxFact]
    public void IPv4_in_an_IPv6_socket_is_IPv4()
    {
        using Socket listener = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        using Socket client = New();
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);
        using Socket server = listener.Accept();
        Remember(server);
        Assert.Equal("127.0.0.1", Await(server, socket => socket.State == TcpState.Established).RemoteAddress);
    }

    /// <summary>The sockets of another user are listed without their process, the user's own with it.</summary>
    [LinuxFact]
    public void The_user_nobody_gets_the_names_of_its_own_processes()
    {
        if (OrdinaryUser.Obstacle is not null)
            return;
        const string Program = "import socket,sys,time\ns=socket.socket();s.bind(('127.0.0.1',0));s.listen(3);print(s.getsockname()[1],flush=True);time.sleep(60)";
        using ChildProgram other = ChildProgram.Start(OrdinaryUser.Command.Count > 0 ? OrdinaryUser.Command[0] : "python3", [.. OrdinaryUser.Command.Skip(1), .. OrdinaryUser.Command.Count > 0 ? ["env", "PATH=/usr/bin:/bin", "python3"] : Array.Empty<string>(), "-c", Program]);
        if (!int.TryParse(other.StandardOutput.ReadLine(), out int port))
            return; // no Python that this user may run
        TcpSocket listed = new TcpSocketSource().List().Single(socket => socket.LocalPort == port && socket.State == TcpState.Listen);
        Assert.Equal(other.Id, listed.ProcessId);
        Assert.Equal(listed.Inode, new TcpSocketSource { IsWanted = (id, _) => id == other.Id }.List().Single(socket => socket.LocalPort == port).Inode);
    }

    [PrivilegedFact]
    public void Another_network_namespace_has_its_own_sockets()
    {
        using NetworkHost host = new();
        using Socket inside = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        inside.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        inside.Listen();
        TcpSocket listed = Assert.Single(new TcpSocketSource { NetworkNamespace = host.Namespace.Path }.List());
        Assert.Equal((Environment.ProcessId, host.Namespace.Path), (listed.ProcessId, listed.NetworkNamespace));
    }

    [LinuxFact]
    public void A_path_that_is_not_a_network_namespace_is_an_error()
    {
        Assert.Equal(TcpSocketProblemId.NetworkNamespaceNotFound, Assert.Throws<TcpSocketException>(() => new TcpSocketSource { NetworkNamespace = "4194999" }.List()).Id);
        if (Environment.IsPrivilegedProcess)
            Assert.Equal(TcpSocketProblemId.NetworkNamespaceInvalid, Assert.Throws<TcpSocketException>(() => new TcpSocketSource { NetworkNamespace = "/etc/passwd" }.List()).Id);
    }

    private static Socket New() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private Socket Connect()
    {
        Socket client = New();
        _sockets.Add(client);
        client.Connect(_listener.LocalEndPoint!);
        return client;
    }

    private (Socket Client, Socket Server) Pair()
    {
        Socket client = Connect();
        Socket server = _listener.Accept();
        _sockets.Add(server);
        Remember(client);
        Remember(server);
        return (client, server);
    }

    private void Remember(Socket socket) => _remotePorts[socket] = ((IPEndPoint)socket.RemoteEndPoint!).Port;

    /// <summary>Waits until the kernel lists a socket as expected: segments on loopback take a moment.</summary>
    private TcpSocket Await(Socket socket, Func<TcpSocket, bool> isExpected)
    {
        TcpSocket? last = null;
        bool isFound = SpinWait.SpinUntil(() => (last = Find(socket)) is not null && isExpected(last), ChildProgram.MaxWait);
        Assert.True(isFound, $"{last}: {last?.State} {last?.NextRead} {last?.NextWrite} unread {last?.UnreadBytes} unsent {last?.UnsentBytes}");
        return last!;
    }

    private TcpSocket? Find(Socket socket)
    {
        IPEndPoint local = (IPEndPoint)socket.LocalEndPoint!;
        int? remote = _remotePorts.TryGetValue(socket, out int known) ? known : null;
        return new TcpSocketSource { IsWanted = (id, _) => id == Environment.ProcessId }.List()
            .FirstOrDefault(one => one.LocalPort == local.Port && (remote is null ? one.State == TcpState.Listen : one.RemotePort == remote && one.State != TcpState.Listen));
    }

    /// <summary>Writes until no more bytes are accepted for a while: the accepted ones are on their way, and the peer's window closes.</summary>
    private static void Fill(Socket socket)
    {
        for (int quiet = 0; quiet < 20; quiet++)
        {
            try
            {
                while (socket.Send(new byte[65536]) > 0)
                    quiet = 0;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Makes the calls that were predicted, without waiting.</summary>
    private static void AssertCalls(TcpSocket listed, Socket socket)
    {
        socket.Blocking = false;
        Assert.Equal(listed.NextWrite, Call(() => socket.Send("x"u8, SocketFlags.None) > 0 ? "ok" : "0"));
        Assert.Equal(listed.NextRead, Call(() => socket.Receive(new byte[1000]) > 0 ? "ok" : "EOF"));
    }

    private static string Call(Func<string> call)
    {
        try
        {
            return call();
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.WouldBlock => "blocks",
                SocketError.Shutdown => "EPIPE",
                SocketError.NotConnected => "ENOTCONN",
                SocketError.ConnectionReset => "ECONNRESET",
                _ => e.SocketErrorCode.ToString(),
            };
        }
    }
}
