using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The packets of a probe's connection, or the reason why they could not be captured.</summary>
internal sealed class ProbeCapture : IDisposable
{
    /// <summary>The buffer of the capture in bytes. It is small, because a probe's connection is short and many may be captured at the same time.</summary>
    private const int BufferSize = 2 << 20;

    private readonly MemoryCapture _packets;
    private readonly IPEndPoint _to;
    private readonly TeardownOptions _options;

    private ProbeCapture(MemoryCapture packets, IPEndPoint to, TeardownOptions options)
    {
        _packets = packets;
        _to = to;
        _options = options;
    }

    /// <summary>Begins to capture the packets between this host and an address with a port.</summary>
    public static ProbeCapture Begin(ICaptureLibrary library, IPEndPoint to, TeardownOptions options)
    {
        // The filter also selects the ICMP errors of routers, which have no port.
        string filter = string.Create(CultureInfo.InvariantCulture, $"(tcp port {to.Port} and host {WithoutScope(to.Address)}) or icmp or icmp6");
        return new ProbeCapture(MemoryCapture.Begin(() => options.CaptureFactory?.Invoke(library, filter) ?? Open(library, to, filter), $"probe of {to}"), to, options);
    }

    /// <summary>
    /// Binds the socket to a port before it connects, because a socket whose connect has failed has no port. Returns 0 if no port is free; connect
    /// then fails, and nothing is sent.
    /// </summary>
    public int ChoosePort(Socket socket)
    {
        try
        {
            socket.Bind(new IPEndPoint(_to.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>Ends the capture. Returns the record of the connection with this local port, or the reason why there is no record.</summary>
    public (ConnectionClose? Connection, string? Note) End(int localPort)
    {
        byte[]? bytes = _packets.End();
        if (bytes is null)
            return (null, _packets.Problem);
        AnalyzerOptions options = new() { Timers = _options.Timers };
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(bytes), "probe"), options);
        string server = WithoutScope(_to.Address);
        while (analyzer.TryNext(out ConnectionClose? connection))
        {
            if (connection.ClientPort == localPort && connection.ServerPort == _to.Port && connection.ServerAddress == server)
                return (connection, null);
        }

        return (null, "no packet of the connection was captured");
    }

    public void Dispose() => _packets.Dispose();

    /// <summary>Opens the capture on the interface that has the local address of the route to the target.</summary>
    private static ILiveCapture Open(ICaptureLibrary library, IPEndPoint to, string filter)
    {
        IPAddress local = LocalAddress(to);
        bool toItself = local.Equals(to.Address); // the target is this host's own address, so the packets pass loopback, whichever interface has the address
        PcapInterface found = library.GetInterfaces().FirstOrDefault(i => toItself ? i.IsLoopback : i.Addresses.Any(address => WithoutScope(address) == WithoutScope(local)))
            ?? throw new LiveCaptureException(LiveCaptureFault.NoSuchInterface, null, $"capturing is not possible on an interface with the address {local}");
        return library.Open(new LiveCaptureOptions { InterfaceName = found.Name, Filter = filter, BufferSize = BufferSize });
    }

    /// <summary>Returns the local address of the route. It is found with connect on a UDP socket, which looks up the route and sends nothing.</summary>
    private static IPAddress LocalAddress(IPEndPoint to)
    {
        try
        {
            using Socket socket = new(to.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(to);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException error)
        {
            throw new LiveCaptureException(LiveCaptureFault.Other, null, $"no route to {to.Address}: {error.Message}");
        }
    }

    private static string WithoutScope(IPAddress address) => new IPAddress(address.GetAddressBytes()).ToString();
}
