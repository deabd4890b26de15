using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Makes, diagnoses and writes records on a separate thread, so that one core follows connections while another does that. A thread of the two that
/// would have to wait for the other decodes ahead first. Bounded: if writing is slower, the analysis waits.
/// </summary>
internal sealed class RecordPump : IDisposable
{
    /// <summary>Enough that passing a batch to another thread is worthwhile; few enough that the records in progress fit into the first caches.</summary>
    private const int BatchSize = 128;

    private const int BatchesUnderWay = 16;

    private readonly Channel<Batch> _channel = Channel.CreateBounded<Batch>(
        new BoundedChannelOptions(BatchesUnderWay) { SingleReader = true, SingleWriter = true });

    /// <summary>
    /// How many connections ahead are prefetched: enough that the waiting times overlap, few enough that each connection is still in the first-level
    /// cache when it is needed.
    /// </summary>
    private const int Ahead = 8;

    /// <summary>How many records are written together: as many as have their Community IDs computed at the same time.</summary>
    private const int GroupSize = CommunityId.Together;

    private readonly ConnectionClose[] _group = new ConnectionClose[GroupSize];
    private readonly RecordPool? _pool;
    private readonly DecodingAhead _ahead;
    private readonly Task _writing;
    private List<PendingClose> _batch = new(BatchSize);
    private volatile bool _isIdle; // the writing thread waits

    /// <param name="writer">Writes the records.</param>
    /// <param name="pool">Receives the records after they were written; null if they are kept.</param>
    /// <param name="ahead">Has parts of the capture to decode for a thread that would wait.</param>
    public RecordPump(IRecordWriter writer, RecordPool? pool, DecodingAhead ahead)
    {
        _pool = pool;
        _ahead = ahead;
        _ahead.Wanted += Wake;
        _writing = Task.Run(() => WriteAsync(writer));
    }

    /// <summary>Adds a connection. It is passed to the other thread together with others, once there are enough of them, or with <see cref="Flush"/>.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="OutputFailedException">The output cannot be written for another reason.</exception>
    public void Add(in PendingClose pending)
    {
        _batch.Add(pending);
        if (_batch.Count == BatchSize)
            Flush();
    }

    /// <inheritdoc cref="Add"/>
    /// <summary>Passes the connections added so far to the other thread, without waiting until they are written.</summary>
    public void Flush()
    {
        if (_batch.Count > 0)
            Send(new Batch(_batch));
    }

    /// <inheritdoc cref="Add"/>
    /// <summary>Waits until the records of the connections added so far are written.</summary>
    public void Drain()
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(new Batch(_batch, written));
        if (Task.WaitAny(written.Task, _writing) == 1)
            _writing.GetAwaiter().GetResult(); // throws: writing does not end before its channel is complete
    }

    /// <summary>Waits until everything is written.</summary>
    public void Complete()
    {
        Flush();
        _channel.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
    }

    public void Dispose() => _channel.Writer.TryComplete();

    private void Send(Batch batch)
    {
        while (!_channel.Writer.TryWrite(batch))
        {
            if (_ahead.TryDecode())
                continue;
            Wait(_channel.Writer.WriteAsync(batch).AsTask());
            break;
        }

        _batch = new List<PendingClose>(BatchSize);
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

    private async Task WriteAsync(IRecordWriter writer)
    {
        try
        {
            writer.Begin();
            do
            {
                while (_channel.Reader.TryRead(out Batch batch))
                {
                    Write(batch.Connections, writer);
                    batch.Written?.SetResult();
                }
            }
            while (_ahead.TryDecode() || await HasMoreAsync().ConfigureAwait(false));

            writer.Flush();
        }
        catch (Exception e)
        {
            _channel.Writer.TryComplete(e);
            throw;
        }
    }

    /// <summary>Waits for connections, or for a part of the capture that this thread can decode. Returns false if nothing more will come.</summary>
    private async ValueTask<bool> HasMoreAsync()
    {
        _isIdle = true;
        bool more = await _channel.Reader.WaitToReadAsync().ConfigureAwait(false);
        _isIdle = false;
        return more;
    }

    /// <summary>Wakes the writing thread if it waits, by a batch without connections.</summary>
    private void Wake()
    {
        if (!_isIdle)
            return;
        _isIdle = false;
        _channel.Writer.TryWrite(Batch.Empty);
    }

    private void Write(List<PendingClose> connections, IRecordWriter writer)
    {
        int made = 0;
        for (int i = 0; i < connections.Count; i++)
        {
            Anticipate(connections, i);
            if (connections[i].TryMake(out ConnectionClose? record))
                _group[made++] = record;
            if (made < GroupSize)
                continue;
            writer.Write(_group);
            made = 0;
        }

        if (made > 0)
            writer.Write(_group.AsSpan(0, made));
        if (connections.Count > 0)
            _pool?.Return(connections);
        writer.Flush();
    }

    /// <summary>Prefetches the memory of the next connections. Most were last used long ago, so without this the thread would wait for the memory of each.</summary>
    private static void Anticipate(List<PendingClose> connections, int index)
    {
        if (index + Ahead < connections.Count)
            Prefetch.Fields(connections[index + Ahead].Connection);
        if (index + (Ahead / 2) < connections.Count)
            connections[index + (Ahead / 2)].Connection.PrefetchLog();
    }

    /// <param name="Connections">The connections.</param>
    /// <param name="Written">Completes when they are written; null if no caller waits for that.</param>
    private readonly record struct Batch(List<PendingClose> Connections, TaskCompletionSource? Written = null)
    {
        public static Batch Empty { get; } = new([]);
    }
}
