using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Sends and receives the bytes of a behavior: plain, or inside TLS.</summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The version of TLS; null without TLS.</summary>
    public virtual string? Protocol => null;

    /// <summary>The number of bytes that were read from the kernel and that the behavior has not read.</summary>
    public virtual int Held => 0;

    /// <summary>Reads bytes. Returns their number; 0 if the client has closed. A canceled read loses no data.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    /// <exception cref="IOException">The peer does not use TLS.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool peek, CancellationToken cancellation);

    /// <summary>Sends at least one byte. Returns the number of bytes that were sent.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Sends FIN; with TLS, close_notify before it (RFC 8446, section 6.1). Reading remains possible.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask FinishSendingAsync(CancellationToken cancellation);

    /// <summary>Reads and discards the data in the kernel, so that the close sends FIN. No read is possible after that.</summary>
    public abstract ValueTask DiscardAvailableAsync(CancellationToken cancellation);

    /// <summary>Prepares the socket for the close. When this returns, no call is in progress on the socket.</summary>
    /// <param name="orderly">Whether to send close_notify (if TLS is used and it was not sent yet).</param>
    public abstract ValueTask ReleaseAsync(bool orderly);

    /// <summary>Releases its resources, but not the socket.</summary>
    public abstract void Dispose();
}
