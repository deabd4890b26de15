using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>How the bytes of a behavior go over its socket: as they are, or inside TLS.</summary>
internal abstract class Transport : IDisposable
{
    /// <summary>The version of TLS; null without.</summary>
    public virtual string? Protocol => null;

    /// <summary>Bytes that were taken from the kernel, and that no behavior has read.</summary>
    public virtual int Held => 0;

    /// <summary>Reads. Returns 0 if the client has closed. A canceled read loses nothing.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    /// <exception cref="IOException">The peer does not use TLS.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, bool peek, CancellationToken cancellation);

    /// <summary>Sends at least one byte, and returns how many.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Sends FIN, over TLS close_notify before it (RFC 8446, section 6.1), and reads on.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask FinishSendingAsync(CancellationToken cancellation);

    /// <summary>Reads and discards the data in the kernel, so that a close sends FIN. No read is possible afterward.</summary>
    public abstract ValueTask DiscardAvailableAsync(CancellationToken cancellation);

    /// <summary>Makes the socket ready to be closed: afterward no call is under way on it.</summary>
    /// <param name="orderly">Over TLS close_notify is sent if it was not yet.</param>
    public abstract ValueTask ReleaseAsync(bool orderly);

    /// <summary>Frees its resources except the socket.</summary>
    public abstract void Dispose();
}
