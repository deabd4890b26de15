using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>A server that reads and never answers, behind a router.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FirewallLab : IDisposable
{
    private readonly RoutedNetwork _network;
    private readonly Socket _listener;
    private readonly int _port;
    private readonly List<Socket> _accepted = [];

    public FirewallLab(bool ipv6)
    {
        _network = new RoutedNetwork(ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
        _network.SetUp();
        _listener = _network.MakeSocket(StepSide.Server);
        _listener.Bind(new IPEndPoint(_network.ServerAddress, 0));
        _listener.Listen();
        _port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    /// <summary>Closes the server's sockets. The server's host then answers with RST.</summary>
    public void StopListening() => _listener.Dispose();

    public void Firewall(string rule) => _network.Router.Firewall("forward", rule);

    /// <summary>A firewall that removes connections from its table after 1 s without a packet.</summary>
    public void Forget(string rule)
    {
        _network.Router.Sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 1);
        _network.Router.Sysctl("net.netfilter.nf_conntrack_tcp_loose", 0);
        Firewall(rule);
    }

    /// <param name="options">How to probe.</param>
    /// <param name="meanwhile">An action that runs as soon as the connection exists.</param>
    /// <param name="toNobody">Whether to probe an address of the server's network that no host has.</param>
    public TeardownTest Probe(TeardownOptions options, Action? meanwhile = null, bool toNobody = false)
    {
        options = options with
        {
            SocketFactory = _ => _network.MakeSocket(StepSide.Client),
            CaptureFactory = (library, _) => _network.OpenCapture(library, 0),
        };
        using TeardownRun run = new(options);
        int before = Count();
        run.Add(new TeardownTarget((toNobody ? Nobody() : _network.ServerAddress).ToString(), _port));
        run.Complete();
        if (meanwhile is not null)
        {
            Assert.True(SpinWait.SpinUntil(() => Count() > before && Arrived() >= options.Payload.Length, TimeSpan.FromSeconds(60)));
            meanwhile();
        }

        Assert.True(run.TryTake(TimeSpan.FromMinutes(3), out TeardownTest? test));
        return test;
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_accepted)
            _accepted.ForEach(socket => socket.Dispose());
        _network.Dispose();
    }

    private IPAddress Nobody()
    {
        byte[] bytes = _network.ServerAddress.GetAddressBytes();
        bytes[^1] += 7;
        return new IPAddress(bytes);
    }

    /// <summary>The payload that has arrived on the newest connection and was not read.</summary>
    private int Arrived()
    {
        lock (_accepted)
            return _accepted[^1].Available;
    }

    private int Count()
    {
        lock (_accepted)
            return _accepted.Count;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                lock (_accepted)
                    _accepted.Add(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the end of the test
        }
    }
}
