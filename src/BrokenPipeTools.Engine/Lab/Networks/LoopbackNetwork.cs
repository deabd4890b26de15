using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>Both ends on this machine's loopback interface.</summary>
internal sealed class LoopbackNetwork(AddressFamily family) : TestNetwork
{
    /// <summary>Bytes: enough for some hundred full frames, because the buffer is read continuously.</summary>
    private const int BufferSize = 8 << 20;

    public override IPAddress ServerAddress => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    /// <summary>
    /// Returns the reason why a client cannot connect to the loopback address; null if it can. Containers often have no ::1, and a new namespace has
    /// neither loopback address.
    /// </summary>
    public static string? Missing(bool ipv6)
    {
        IPAddress address = ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        try
        {
            // connect on a UDP socket looks up the route and sends nothing; port 9 is discard (RFC 863).
            using Socket probe = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(address, 9);
            return null;
        }
        catch (SocketException)
        {
            return $"needs the loopback interface, up and with the address {address}";
        }
    }

    public override Socket MakeSocket(StepSide side) => new(family, SocketType.Stream, ProtocolType.Tcp);

    public override ILiveCapture OpenCapture(ICaptureLibrary library, int port) => library.Open(new LiveCaptureOptions
    {
        InterfaceName = library.GetInterfaces().FirstOrDefault(i => i.IsLoopback)?.Name
            ?? throw new LiveCaptureException(LiveCaptureFault.NoSuchInterface, null, "no loopback interface permits a capture"),

        // The filter contains the address too, because over the other IP version the same port may belong to another program.
        Filter = string.Create(CultureInfo.InvariantCulture, $"tcp port {port} and host {ServerAddress}"),
        BufferSize = BufferSize,
    });

    public override void Dispose()
    {
    }
}
