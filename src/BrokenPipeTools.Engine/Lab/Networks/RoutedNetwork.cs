using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>
/// A client, a server, and a router between them. They are three network namespaces without names, connected by links that exist only in them.
/// Nothing of it is visible outside, and it ends with the process.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RoutedNetwork(AddressFamily family) : TestNetwork
{
    /// <summary>
    /// Milliseconds that a packet takes on a slow path in one direction. It is much longer than two consecutive calls take on a busy machine.
    /// </summary>
    public const int SlowPath = 100;

    /// <summary>The client's interface, whose packets are captured.</summary>
    public const string ClientLink = "client";

    /// <summary>The router's interface on the client's side.</summary>
    public const string RouterToClient = "to-client";

    /// <summary>The router's interface on the server's side.</summary>
    public const string RouterToServer = "to-server";

    private const string ServerLink = "server";

    /// <summary>Bytes: enough for some hundred full frames, because the buffer is read continuously.</summary>
    private const int BufferSize = 8 << 20;

    private readonly Stack<IDisposable> _parts = new();
    private NetworkHost? _client;
    private NetworkHost? _router;
    private NetworkHost? _server;

    /// <summary>Milliseconds that a packet takes between client and router in one direction.</summary>
    public int Delay { get; init; }

    /// <summary>Whether the server's programs run on the router, and so on the client's own link.</summary>
    public bool ServerOnLink { get; init; }

    /// <summary>The IP version as it is written in names of kernel variables.</summary>
    public string Version => family == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4";

    public NetworkHost Client => Made(_client);

    public NetworkHost Router => Made(_router);

    /// <summary>The host on which the server's programs run.</summary>
    public NetworkHost Server => Made(ServerOnLink ? _router : _server);

    public override IPAddress ServerAddress => ServerOnLink ? Subnet.OfClient.Address(family, Subnet.RouterEnd) : Subnet.OfServer.Address(family, Subnet.HostEnd);

    public override void SetUp()
    {
        _client = NewHost();
        _router = NewHost();
        _router.Sysctl($"net.{Version}.conf.all.forwarding", 1);
        JoinClient(_client, _router);
        _client.Configure(Subnet.OfClient.RouteToRouter(family));
        if (!ServerOnLink)
        {
            _server = NewHost();
            Join(_server, ServerLink, _router, RouterToServer, Subnet.OfServer);
            _server.Configure(Subnet.OfServer.RouteToRouter(family));
            _server.AwaitLinks();
        }

        _client.AwaitLinks();
        _router.AwaitLinks();
    }

    public override Socket MakeSocket(StepSide side) =>
        (side == StepSide.Client ? Client : Server).OpenSocket(family, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>
    /// Captures all packets on the client's link. A filter is not needed, because there are no other hosts; a filter for the port would exclude ICMP
    /// errors.
    /// </summary>
    public override ILiveCapture OpenCapture(ICaptureLibrary library, int port) =>
        library.Open(new LiveCaptureOptions { InterfaceName = ClientLink, BufferSize = BufferSize, Opening = Client.Namespace.Inside });

    public override void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
            part.Dispose();
    }

    private static NetworkHost Made(NetworkHost? host) => host ?? throw new InvalidOperationException("the network was not set up");

    private NetworkHost NewHost()
    {
        NetworkHost host = new();
        _parts.Push(host);

        if (family == AddressFamily.InterNetworkV6)
        {
            // Otherwise the host would check for a second whether another host has its address (RFC 4862, section 5.4), also for a link-local
            // address.
            host.Sysctl("net.ipv6.conf.default.accept_dad", 0);
            host.Sysctl("net.ipv6.conf.default.router_solicitations", 0);
        }
        else if (Directory.Exists("/proc/sys/net/ipv6"))
        {
            host.Sysctl("net.ipv6.conf.default.disable_ipv6", 1); // the packets that IPv6 sends on its own are not part of the scenario
        }

        return host;
    }

    private void JoinClient(NetworkHost client, NetworkHost router)
    {
        if (Delay == 0)
        {
            Join(client, ClientLink, router, RouterToClient, Subnet.OfClient);
            return;
        }

        TunDevice left = TunDevice.Open(client, ClientLink);
        _parts.Push(left);
        TunDevice right = TunDevice.Open(router, RouterToClient);
        _parts.Push(right);
        client.Configure($"link set {ClientLink} up", Subnet.OfClient.AddressOn(family, ClientLink, Subnet.HostEnd));
        router.Configure($"link set {RouterToClient} up", Subnet.OfClient.AddressOn(family, RouterToClient, Subnet.RouterEnd));
        _parts.Push(new DelayWire(left, right, Delay));
    }

    /// <summary>Makes a pair of interfaces (veth(4)): a packet that enters one leaves the other.</summary>
    private void Join(NetworkHost host, string hostLink, NetworkHost router, string routerLink, Subnet subnet)
    {
        host.Configure($"link add {hostLink} type veth peer name {routerLink} netns {router.Namespace.Path}", $"link set {hostLink} up");
        router.Configure($"link set {routerLink} up", subnet.AddressOn(family, routerLink, Subnet.RouterEnd));
        host.Configure(subnet.AddressOn(family, hostLink, Subnet.HostEnd));
    }
}
