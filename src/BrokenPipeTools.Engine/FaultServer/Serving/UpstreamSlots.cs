using System.Threading.Channels;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Bounds the sockets to the upstream server: that of an evicted connection is closed a little after its client's, and a burst of clients
/// would take all descriptors of the process meanwhile.
/// </summary>
internal sealed class UpstreamSlots(int count)
{
    /// <summary>One item for each slot that is taken.</summary>
    private readonly Channel<byte> _taken = Channel.CreateBounded<byte>(count);

    /// <summary>Waits for a slot, and takes it.</summary>
    /// <exception cref="OperationCanceledException">Canceled: none was taken.</exception>
    public ValueTask TakeAsync(CancellationToken cancellation) => _taken.Writer.WriteAsync(0, cancellation);

    /// <summary>Gives the slot back.</summary>
    public void Return() => _taken.Reader.TryRead(out _);
}
