using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

/// <summary>Where a scenario is played: it makes the sockets of either side and knows where their packets can be seen.</summary>
internal abstract class TestNetwork : IDisposable
{
    /// <summary>The address the server listens on.</summary>
    public abstract IPAddress ServerAddress { get; }

    /// <summary>A socket at one of the two ends.</summary>
    public abstract Socket MakeSocket(StepSide side);

    /// <summary>Captures what the client's end sends and receives.</summary>
    /// <exception cref="LiveCaptureException">No libpcap, or no right to capture.</exception>
    public abstract LiveCapture OpenCapture(int port);

    public abstract void Dispose();
}

/// <summary>Both ends on this machine's loopback interface.</summary>
internal sealed class LoopbackNetwork(AddressFamily family) : TestNetwork
{
    public override IPAddress ServerAddress => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    public override Socket MakeSocket(StepSide side) => new(family, SocketType.Stream, ProtocolType.Tcp);

    public override LiveCapture OpenCapture(int port) => throw new NotImplementedException();

    public override void Dispose()
    {
    }
}
