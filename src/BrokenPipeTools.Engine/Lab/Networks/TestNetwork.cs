using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Lab.Networks;

/// <summary>The network of a scenario: it makes the sockets of both sides, and captures their packets.</summary>
internal abstract class TestNetwork : IDisposable
{
    /// <summary>Makes the network. If that fails, <see cref="Dispose"/> removes the parts that were made.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be made.</exception>
    public virtual void SetUp()
    {
    }

    /// <summary>The address that the server listens on.</summary>
    public abstract IPAddress ServerAddress { get; }

    /// <summary>Makes a socket at one of the two ends.</summary>
    public abstract Socket MakeSocket(StepSide side);

    /// <summary>Captures the packets of the client's end.</summary>
    /// <exception cref="LiveCaptureException">libpcap is missing, or the process may not capture.</exception>
    public abstract ILiveCapture OpenCapture(ICaptureLibrary library, int port);

    public abstract void Dispose();
}
