namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// One connection's socket to the upstream server, as the shared descriptors see it. If the connection is evicted, this socket is closed a little later
/// than the client's: until then it counts as leaving, so that no further connection is evicted for the same room.
/// </summary>
internal sealed class UpstreamSlot
{
    private const int Unused = 0;
    private const int Used = 1;
    private const int Leaving = 2;
    private const int Over = 3;

    private int _state;

    /// <summary>The connection may make its socket.</summary>
    public void Begin() => Interlocked.CompareExchange(ref _state, Used, Unused);

    /// <summary>The connection was evicted. Its socket is closed soon, if it has one.</summary>
    public void Evict()
    {
        if (Interlocked.CompareExchange(ref _state, Leaving, Used) == Used)
            SharedDescriptors.BeginLeaving();
    }

    /// <summary>The socket is closed, or was never made.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _state, Over) == Leaving)
            SharedDescriptors.EndLeaving();
    }
}
