namespace BrokenPipeTools.Analysis;

/// <summary>Reads an input on a thread of its own, while the caller takes the records of the connections that are final.</summary>
internal sealed class FollowingThread : IDisposable
{
    private readonly CaptureReading _reading;
    private readonly Action<AnalyzerProgress> _show;
    private readonly CloseQueue _queue;
    private readonly CancellationTokenSource _stop;
    private Task _following = Task.CompletedTask;
    private object? _progress; // the newest AnalyzerProgress that was not shown yet
    private CloseBatch _batch = CloseBatch.Empty;
    private int _taken; // the number of its connections that were returned

    /// <param name="reading">The input. It is used only on the other thread until this object is disposed of.</param>
    /// <param name="ahead">Has parts of the input to decode for a thread that would wait.</param>
    /// <param name="show">Shows the progress, on the caller's thread.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public FollowingThread(CaptureReading reading, DecodingAhead ahead, Action<AnalyzerProgress> show, CancellationToken cancellation)
    {
        _reading = reading;
        _show = show;
        _queue = new CloseQueue(ahead);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Starts the other thread.</summary>
    public void Start() => _following = Task.Factory.StartNew(Follow, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Notes the progress of the reading; it is shown when the caller takes the next connection. Called by the reading.</summary>
    public void Note(AnalyzerProgress progress)
    {
        Volatile.Write(ref _progress, progress);
        _queue.Wake();
    }

    /// <summary>Returns the next connection that is final; false at the end of the input. Call it on one thread.</summary>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public bool TryNext(out PendingClose pending)
    {
        while (_taken == _batch.Connections.Count)
        {
            if (Interlocked.Exchange(ref _progress, null) is AnalyzerProgress progress)
                _show(progress);
            _taken = 0;
            if (_queue.TryTake(out CloseBatch? batch, _stop.Token))
            {
                _batch = batch;
                continue;
            }

            _batch = CloseBatch.Empty;
            _following.GetAwaiter().GetResult();
            pending = default;
            return false;
        }

        pending = _batch.Connections[_taken++];
        return true;
    }

    /// <summary>Ends the reading, and waits until the other thread no longer uses it.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _reading.Abandon();
        ((IAsyncResult)_following).AsyncWaitHandle.WaitOne();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Follow()
    {
        Exception? fault = null;
        try
        {
            while (_reading.TryNext(out PendingClose pending))
                _queue.Add(pending, _stop.Token);
            _queue.Flush(cancellation: _stop.Token);
        }
        catch (Exception e)
        {
            fault = e; // thrown on the caller's thread
        }

        _queue.Complete(fault);
    }
}
