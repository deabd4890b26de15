namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Lets no send begin once its connection is ended from outside (Stop, an eviction). Without it a service could send between the log's
/// count and the close, and the client would get bytes that the log does not have.
/// </summary>
internal sealed class SendGate
{
    private const int Idle = 0;
    private const int Calling = 1;
    private const int Waiting = 2;
    private const int Closed = 3;

    private int _state;

    /// <summary>A send begins.</summary>
    /// <exception cref="OperationCanceledException">The connection is being ended.</exception>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Calling, Idle) == Closed)
            throw new OperationCanceledException();
    }

    /// <summary>The call returned without room for the bytes: the send waits for the client, and so <see cref="Close"/> does not wait for it.</summary>
    public void Wait() => Interlocked.CompareExchange(ref _state, Waiting, Calling);

    /// <summary>The send has ended, and its bytes are counted.</summary>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Calling) == Waiting)
            Interlocked.CompareExchange(ref _state, Idle, Waiting);
    }

    /// <summary>Waits until a call that is under way has returned. Afterwards none begins.</summary>
    public void Close()
    {
        SpinWait spin = default;
        for (int seen; (seen = Volatile.Read(ref _state)) == Calling || Interlocked.CompareExchange(ref _state, Closed, seen) != seen;)
            spin.SpinOnce();
    }
}
