using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Networks;

namespace BrokenPipeTools.Tests.Lab;

public sealed class LoopbackNetworkTests
{
    /// <summary>The same port over the other IP version belongs to another program, which may be sending.</summary>
    [LiveTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_capture_has_the_packets_of_its_own_IP_version_only(bool ipv6)
    {
        AddressFamily family = ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        using LoopbackNetwork network = new(family);
        using TcpListener own = new(network.ServerAddress, 0);
        own.Start();
        int port = ((IPEndPoint)own.LocalEndpoint).Port;
        using ILiveCapture capture = network.OpenCapture(CaptureLibrary.Instance, port);

        // Any listener or refusal is enough: packets with this port number pass the interface.
        Connect(ipv6 ? IPAddress.Loopback : IPAddress.IPv6Loopback, port);
        Connect(network.ServerAddress, port);
        capture.Stop();

        using CloseAnalyzer analyzer = new(capture);
        Assert.True(analyzer.TryNext(out ConnectionClose? seen));
        Assert.Equal((network.ServerAddress.ToString(), port), (seen.ServerAddress, seen.ServerPort));
        Assert.False(analyzer.TryNext(out _));
    }

    private static void Connect(IPAddress address, int port)
    {
        using Socket client = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            client.Connect(address, port);
        }
        catch (SocketException refused)
        {
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }
    }
}
