using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Passes connections from the thread that follows them to the thread that takes their records, in order. Bounded: if taking is slower, following
/// waits. A thread of the two that would wait for the other decodes ahead first. <see cref="Add"/>, <see cref="Flush"/> and <see cref="Wake"/> are for
/// the first thread, <see cref="TryTake"/> is for the second; either may <see cref="Complete"/> the queue.
/// </summary>
internal sealed class CloseQueue : IDisposable
{
    /// <summary>Enough that passing a batch to another thread is worthwhile; few enough that the records in progress fit into the first caches.</summary>
    private const int BatchSize = 128;

    private const int BatchesUnderWay = 16;

    private readonly Channel<CloseBatch> _channel = Channel.CreateBounded<CloseBatch>(
        new BoundedChannelOptions(BatchesUnderWay) { SingleReader = true, SingleWriter = true });

    private readonly DecodingAhead _ahead;
    private List<PendingClose> _batch = new(BatchSize);
    private volatile bool _isIdle; // the thread that takes waits

    /// <param name="ahead">Has parts of the capture to decode for a thread that would wait.</param>
    public CloseQueue(DecodingAhead ahead)
    {
        _ahead = ahead;
        _ahead.Wanted += Wake;
    }

    /// <summary>Adds a connection. It is passed on together with others, once there are enough of them, or with <see cref="Flush"/>.</summary>
    /// <param name="pending">The connection.</param>
    /// <param name="cancellation">Ends the wait for room.</param>
    /// <exception cref="Exception">The exception given to <see cref="Complete"/>.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public void Add(in PendingClose pending, CancellationToken cancellation = default)
    {
        _batch.Add(pending);
        if (_batch.Count == BatchSize)
            Flush(cancellation: cancellation);
    }

    /// <inheritdoc cref="Add"/>
    /// <summary>Passes on the connections added so far, without waiting until they are taken.</summary>
    /// <param name="taken">Passed on with them, also if there are none; null for none.</param>
    /// <param name="cancellation">Ends the wait for room.</param>
    public void Flush(TaskCompletionSource? taken = null, CancellationToken cancellation = default)
    {
        if (_batch.Count == 0 && taken is null)
            return;
        CloseBatch batch = new(_batch, taken);
        while (!_channel.Writer.TryWrite(batch))
        {
            if (_ahead.TryDecode())
                continue;
            Wait(_channel.Writer.WriteAsync(batch, cancellation).AsTask());
            break;
        }

        _batch = new List<PendingClose>(BatchSize);
    }

    /// <summary>Ends the queue after the connections passed on so far. Everything added later is refused.</summary>
    /// <param name="fault">The exception that the other thread gets at the end of the queue; null for none.</param>
    public void Complete(Exception? fault = null) => _channel.Writer.TryComplete(fault);

    /// <summary>Wakes the thread that takes, if it waits, by a batch without connections.</summary>
    public void Wake()
    {
        if (!_isIdle)
            return;
        _isIdle = false;
        _channel.Writer.TryWrite(CloseBatch.Empty);
    }

    /// <summary>Takes the next batch, which may be empty; decodes or waits if there is none yet. Returns false at the end.</summary>
    /// <exception cref="Exception">The exception given to <see cref="Complete"/>.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryTake([NotNullWhen(true)] out CloseBatch? batch, CancellationToken cancellation = default)
    {
        do
        {
            if (_channel.Reader.TryRead(out batch))
                return true;
        }
        while (_ahead.TryDecode() || HasMore(cancellation));

        return false;
    }

    public void Dispose()
    {
        _ahead.Wanted -= Wake;
        Complete();
    }

    /// <summary>Waits for a batch. Returns false if none will come.</summary>
    private bool HasMore(CancellationToken cancellation)
    {
        _isIdle = true;
        try
        {
            return _channel.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            _isIdle = false;
        }
    }

    private static void Wait(Task sent)
    {
        try
        {
            sent.GetAwaiter().GetResult();
        }
        catch (ChannelClosedException closed)
        {
            ExceptionDispatchInfo.Throw(closed.InnerException ?? closed);
        }
    }
}
