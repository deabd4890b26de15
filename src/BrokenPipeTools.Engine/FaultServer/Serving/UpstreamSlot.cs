namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// One connection's place among the sockets to the upstream server. If the connection is evicted, that socket is closed a little later than the
/// client's: until then it counts as leaving, so that no further connection is evicted for the same room.
/// </summary>
internal sealed class UpstreamSlot(UpstreamSlots slots)
{
    private const int Unused = 0;
    private const int Used = 1;
    private const int Leaving = 2;
    private const int Over = 3;

    private int _state;

    /// <summary>Waits until the connection may make its socket.</summary>
    /// <exception cref="OperationCanceledException">Canceled. No slot is used then.</exception>
    public async ValueTask BeginAsync(CancellationToken cancellation)
    {
        await slots.TakeAsync(cancellation).ConfigureAwait(false);
        Interlocked.CompareExchange(ref _state, Used, Unused);
    }

    /// <summary>The connection was evicted. Its socket is closed soon, if it has one.</summary>
    public void Evict()
    {
        if (Interlocked.CompareExchange(ref _state, Leaving, Used) == Used)
            SharedDescriptors.BeginLeaving();
    }

    /// <summary>The socket is closed, or was never made. Call this once, after <see cref="BeginAsync"/>.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _state, Over) == Leaving)
            SharedDescriptors.EndLeaving();
        slots.Return();
    }
}
