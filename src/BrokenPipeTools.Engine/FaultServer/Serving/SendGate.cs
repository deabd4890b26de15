namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Prevents further sends after a connection was ended from outside (by Stop or an eviction). Without the gate, a service could send bytes after the
/// log has counted them and before the close. The client would then get bytes that the log does not count.
/// </summary>
internal sealed class SendGate
{
    private const int Idle = 0;
    private const int Calling = 1;
    private const int Waiting = 2;
    private const int Closed = 3;

    private int _state;
    private long _sent;

    /// <summary>The number of bytes that were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Sends at least one byte, counts the bytes, and returns their number. Only one send may be in progress.</summary>
    /// <exception cref="OperationCanceledException">Canceled, or the connection is being ended.</exception>
    public async ValueTask<int> SendAsync(Transport transport, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _state, Calling, Idle) == Closed)
            throw new OperationCanceledException();
        try
        {
            ValueTask<int> sending = transport.SendAsync(bytes, cancellation);
            if (!sending.IsCompleted)
                Interlocked.CompareExchange(ref _state, Waiting, Calling); // there is no room: Close does not wait for the client
            int count = await sending.ConfigureAwait(false);
            Interlocked.Add(ref _sent, count);
            return count;
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Calling) == Waiting)
                Interlocked.CompareExchange(ref _state, Idle, Waiting);
        }
    }

    /// <summary>Waits until a send in progress has returned. No further send can begin after that.</summary>
    public void Close()
    {
        SpinWait spin = default;
        for (int seen; (seen = Volatile.Read(ref _state)) == Calling || Interlocked.CompareExchange(ref _state, Closed, seen) != seen;)
            spin.SpinOnce();
    }
}
