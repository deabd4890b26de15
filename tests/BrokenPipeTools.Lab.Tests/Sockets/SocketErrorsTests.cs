using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tests.Sockets;

public sealed class SocketErrorsTests
{
    [Theory]
    [InlineData(32, SocketPlatform.Linux, "EPIPE")]
    [InlineData(104, SocketPlatform.Linux, "ECONNRESET")]
    [InlineData(111, SocketPlatform.Linux, "ECONNREFUSED")]
    [InlineData(11, SocketPlatform.Linux, "EAGAIN")]
    [InlineData(54, SocketPlatform.MacOS, "ECONNRESET")]
    [InlineData(35, SocketPlatform.MacOS, "EAGAIN")]
    [InlineData(10054, SocketPlatform.Windows, "WSAECONNRESET")]
    [InlineData(10035, SocketPlatform.Windows, "WSAEWOULDBLOCK")]
    public void A_number_has_its_platforms_name_and_back(int number, SocketPlatform platform, string name)
    {
        Assert.Equal(name, SocketErrors.Name(number, platform));
        Assert.Equal(number, SocketErrors.Number(name, platform));
    }

    [Fact]
    public void An_error_without_a_name_keeps_its_number()
    {
        Assert.Equal("errno 999", SocketErrors.Name(999, SocketPlatform.Linux));
        Assert.Equal("errno 0", SocketErrors.Name(0, SocketPlatform.Windows));
        Assert.Null(SocketErrors.Number("EPIPE", SocketPlatform.Windows));
    }

    [Fact]
    public void A_refused_connect_is_named()
    {
        using Socket bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: no other program gets the port
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        SocketException refused = Assert.Throws<SocketException>(() => client.Connect(bound.LocalEndPoint!));
        Assert.Equal(OperatingSystem.IsWindows() ? "WSAECONNREFUSED" : "ECONNREFUSED", SocketErrors.Name(refused));
    }
}
