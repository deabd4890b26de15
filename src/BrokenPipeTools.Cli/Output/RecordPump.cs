using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Makes, diagnoses and writes records on a separate thread, so that one core follows connections while another does that. Bounded: if writing is
/// slower, the analysis waits.
/// </summary>
internal sealed class RecordPump : IDisposable
{
    /// <summary>Enough that passing a batch to another thread is worthwhile; few enough that the records in progress fit into the first caches.</summary>
    private const int BatchSize = 128;

    private const int BatchesUnderWay = 6;

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
    private readonly Task _writing;
    private List<PendingClose> _batch = new(BatchSize);

    /// <param name="writer">Writes the records.</param>
    /// <param name="pool">Receives the records after they were written; null if they are kept.</param>
    public RecordPump(IRecordWriter writer, RecordPool? pool)
    {
        _pool = pool;
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
        ValueTask sent = _channel.Writer.WriteAsync(batch);
        if (!sent.IsCompletedSuccessfully)
            Wait(sent.AsTask());
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
            await foreach (Batch batch in _channel.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                Write(batch.Connections, writer);
                batch.Written?.SetResult();
            }

            writer.Flush();
        }
        catch (Exception e)
        {
            _channel.Writer.TryComplete(e);
            throw;
        }
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
    private readonly record struct Batch(List<PendingClose> Connections, TaskCompletionSource? Written = null);
}
