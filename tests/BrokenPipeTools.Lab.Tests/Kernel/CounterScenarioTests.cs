using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Kernel;

/// <summary>Each kind of ending increments its counter, and no other one: in a separate network namespace without other traffic.</summary>
[SupportedOSPlatform("linux")]
public sealed class CounterScenarioTests
{
    private const SocketOptionName Linger2 = (SocketOptionName)8; // TCP_LINGER2
    private const SocketOptionName QuickAck = (SocketOptionName)12; // TCP_QUICKACK
    private const SocketOptionName UserTimeout = (SocketOptionName)18; // TCP_USER_TIMEOUT

    /// <summary>Longer than the slowest ending takes on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The groups of counters that are checked. Counters of the whole machine are not those of the namespace.</summary>
    private static readonly TcpCounterGroup[] Watched = [TcpCounterGroup.Abort, TcpCounterGroup.Reset, TcpCounterGroup.Overflow, TcpCounterGroup.MemoryPressure, TcpCounterGroup.Drop, TcpCounterGroup.Rejected];

    private static readonly Dictionary<string, Action<Pair>> Endings = new()
    {
        ["both close"] = pair => { pair.Client.Close(); pair.AwaitEnd(pair.Server); pair.Server.Close(); },
        ["unread data"] = pair => { pair.Send(pair.Client); pair.AwaitData(pair.Server); pair.Server.Close(); },
        ["linger 0"] = pair => { pair.Server.LingerState = new LingerOption(true, 0); pair.Server.Close(); },
        ["data after shutdown of both directions"] = pair => { pair.Server.Shutdown(SocketShutdown.Both); pair.AwaitEnd(pair.Client); pair.Send(pair.Client); },
        ["data after close"] = pair => { pair.Server.Close(); pair.AcknowledgeEnd(pair.Client); pair.Send(pair.Client); },
        ["negative linger2"] = pair =>
        {
            pair.Server.SetRawSocketOption((int)SocketOptionLevel.Tcp, (int)Linger2, BitConverter.GetBytes(-1));
            pair.Server.Shutdown(SocketShutdown.Send);
            pair.AcknowledgeEnd(pair.Client);
            pair.Server.Close();
        },
        ["no answer"] = pair =>
        {
            pair.Client.SetRawSocketOption((int)SocketOptionLevel.Tcp, (int)UserTimeout, BitConverter.GetBytes(500));
            pair.Host.Firewall("input", "drop");
            pair.Send(pair.Client);
        },
        ["no answer to keepalive probes"] = pair =>
        {
            pair.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
            pair.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            pair.Client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 1);
            pair.Host.Firewall("input", "drop");
            pair.Client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        },
        ["refused"] = pair =>
        {
            using Socket other = pair.NewSocket();
            Assert.Throws<SocketException>(() => other.Connect(pair.Nobody));
        },
        ["full accept queue"] = pair =>
        {
            for (int i = 0; i < 4; i++)
                pair.StartConnect();
        },
    };

    /// <summary>The number of drops of a full queue depends on the time, because SYNs are repeated.</summary>
    [PrivilegedTheory]
    [InlineData("both close", "")]
    [InlineData("unread data", "TCPAbortOnClose=1 OutRsts=1 EstabResets=2")]
    [InlineData("linger 0", "TCPAbortOnData=1 OutRsts=1 EstabResets=2")]
    [InlineData("data after shutdown of both directions", "TCPAbortOnData=1 OutRsts=1 EstabResets=1")]
    [InlineData("data after close", "OutRsts=1 EstabResets=1")]
    [InlineData("negative linger2", "TCPAbortOnLinger=1 OutRsts=1 EstabResets=1")]
    [InlineData("no answer", "TCPAbortOnTimeout=1 EstabResets=1")]
    [InlineData("no answer to keepalive probes", "TCPAbortOnTimeout=1 OutRsts=1 EstabResets=1")]
    [InlineData("refused", "OutRsts=1 AttemptFails=1")]
    [InlineData("full accept queue", "ListenOverflows>0 ListenDrops>0")]
    public void An_ending_increments_its_counter_and_no_other(string ending, string expected)
    {
        foreach (AddressFamily family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
        {
            using NetworkHost host = new();
            using Pair pair = new(host, family);
            using TcpCounterSource source = TcpCounterSource.Open(host.Namespace.Path);
            TcpCounterReading before = source.Read();
            Endings[ending](pair);
            SpinWait.SpinUntil(() => Moved(source, before) == expected, Limit);
            Assert.Equal(expected, Moved(source, before));
        }
    }

    [PrivilegedFact]
    public void A_process_and_a_path_lead_to_the_same_counters()
    {
        using NetworkHost host = new();
        using Pair pair = new(host, AddressFamily.InterNetwork);
        using ChildProgram inside = ChildProgram.Start("nsenter", $"--net={host.Namespace.Path}", "sleep", "60");
        string[] places = [host.Namespace.Path, $"{inside.Id}", $"/proc/{inside.Id}/ns/net"];
        SpinWait.SpinUntil(() => places.All(place => OpensOf(place) == 1), Limit);
        Assert.All(places, place => Assert.Equal(1, OpensOf(place)));
    }

    private static long OpensOf(string place)
    {
        using TcpCounterSource source = TcpCounterSource.Open(place);
        return source.Read().List().Single(counter => counter.Name == "ActiveOpens").Value;
    }

    private static string Moved(TcpCounterSource source, TcpCounterReading before) => string.Join(' ', source.Read().List(before)
        .Where(counter => counter.Change != 0 && counter.Section != "sockstat" && Watched.Contains(counter.Group))
        .Select(counter => counter.Group == TcpCounterGroup.Overflow && counter.Change > 0 ? $"{counter.Name}>0" : $"{counter.Name}={counter.Change}"));

    /// <summary>A connection within a host, its listener, and an address without a listener.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly AddressFamily _family;
        private readonly List<Socket> _sockets = [];
        private readonly Socket _listener;

        public Pair(NetworkHost host, AddressFamily family)
        {
            Host = host;
            _family = family;
            IPAddress address = family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
            Nobody = new IPEndPoint(address, 9);
            _listener = NewSocket();
            _listener.Bind(new IPEndPoint(address, 0));
            _listener.Listen(1);
            Client = NewSocket();
            Client.Connect(_listener.LocalEndPoint!);
            Server = _listener.Accept();
            _sockets.Add(Server);
        }

        public NetworkHost Host { get; }

        public IPEndPoint Nobody { get; }

        public Socket Client { get; }

        public Socket Server { get; }

        public Socket NewSocket()
        {
            Socket socket = Host.OpenSocket(_family, SocketType.Stream, ProtocolType.Tcp);
            socket.ReceiveTimeout = socket.SendTimeout = (int)ChildProgram.MaxWait.TotalMilliseconds;
            _sockets.Add(socket);
            return socket;
        }

        public void Send(Socket from) => Assert.Equal(5, from.Send("12345"u8));

        /// <summary>Waits until data are there, and leaves them.</summary>
        public void AwaitData(Socket at) => Assert.Equal(5, at.Receive(new byte[9], SocketFlags.Peek));

        /// <summary>Waits for the FIN.</summary>
        public void AwaitEnd(Socket at) => Assert.Equal(0, at.Receive(new byte[9]));

        /// <summary>
        /// Waits for the FIN, and acknowledges it before anything else is sent, so that the peer is in FIN_WAIT_2. In FIN_WAIT_1 the kernel counts
        /// late data, and a negative TCP_LINGER2, as TCPAbortOnData.
        /// </summary>
        public void AcknowledgeEnd(Socket at)
        {
            AwaitEnd(at);
            at.SetRawSocketOption((int)SocketOptionLevel.Tcp, (int)QuickAck, BitConverter.GetBytes(1));
        }

        public void StartConnect()
        {
            Socket socket = NewSocket();
            socket.Blocking = false;
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // The SYN is on its way, and may get no answer.
            }
        }

        public void Dispose()
        {
            foreach (Socket socket in _sockets)
                socket.Dispose();
            _listener.Dispose();
        }
    }
}
