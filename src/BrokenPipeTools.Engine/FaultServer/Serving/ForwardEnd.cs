using System.Net.Sockets;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>One end of a forwarded connection.</summary>
internal abstract class ForwardEnd
{
    /// <summary>The side: client or upstream server.</summary>
    public abstract ForwardSide Side { get; }

    /// <summary>Reads bytes. If the buffer is empty, waits until something can be read. Returns 0 if the peer has closed.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Sends all bytes.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>Sends FIN.</summary>
    /// <exception cref="SocketException">The socket failed.</exception>
    public abstract ValueTask FinishAsync(CancellationToken cancellation);
}
