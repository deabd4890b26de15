using System.Threading.Channels;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Bounds the number of sockets to the upstream server. The upstream socket of an evicted connection is closed a little later than its client's
/// socket; without a bound, a burst of clients would use all descriptors of the process.
/// </summary>
internal sealed class UpstreamSlots(int count)
{
    /// <summary>Contains one item for each slot in use.</summary>
    private readonly Channel<byte> _taken = Channel.CreateBounded<byte>(count);

    /// <summary>Waits for a slot, and takes it.</summary>
    /// <exception cref="OperationCanceledException">Canceled. This call then uses no slot.</exception>
    public ValueTask TakeAsync(CancellationToken cancellation) => _taken.Writer.WriteAsync(0, cancellation);

    /// <summary>Releases the slot.</summary>
    public void Return() => _taken.Reader.TryRead(out _);
}
