using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Makes, diagnoses and writes records on a separate thread, so that one core follows connections while another does that.
/// </summary>
internal sealed class RecordPump : IDisposable
{
    /// <summary>
    /// How many connections ahead are prefetched: enough that the waiting times overlap, few enough that each connection is still in the first-level
    /// cache when it is needed.
    /// </summary>
    private const int Ahead = 8;

    /// <summary>How many records are written together: as many as have their Community IDs computed at the same time.</summary>
    private const int GroupSize = CommunityId.Together;

    private readonly ConnectionClose[] _group = new ConnectionClose[GroupSize];
    private readonly RecordPool? _pool;
    private readonly CloseQueue _queue;
    private readonly Task _writing;

    /// <param name="writer">Writes the records.</param>
    /// <param name="pool">Receives the records after they were written; null if they are kept.</param>
    /// <param name="ahead">Has parts of the capture to decode for a thread that would wait.</param>
    public RecordPump(IRecordWriter writer, RecordPool? pool, DecodingAhead ahead)
    {
        _pool = pool;
        _queue = new CloseQueue(ahead);
        _writing = Task.Run(() => Write(writer));
    }

    /// <summary>Adds a connection. It is passed to the other thread together with others, once there are enough of them, or with <see cref="Flush"/>.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="OutputFailedException">The output cannot be written for another reason.</exception>
    public void Add(in PendingClose pending) => _queue.Add(pending);

    /// <inheritdoc cref="Add"/>
    /// <summary>Passes the connections added so far to the other thread, without waiting until they are written.</summary>
    public void Flush() => _queue.Flush();

    /// <inheritdoc cref="Add"/>
    /// <summary>Waits until the records of the connections added so far are written.</summary>
    public void Drain()
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Flush(written);
        if (Task.WaitAny(written.Task, _writing) == 1)
            _writing.GetAwaiter().GetResult(); // throws: writing does not end before the queue is complete
    }

    /// <summary>Waits until everything is written.</summary>
    public void Complete()
    {
        Flush();
        _queue.Complete();
        _writing.GetAwaiter().GetResult();
    }

    public void Dispose() => _queue.Dispose();

    private void Write(IRecordWriter writer)
    {
        try
        {
            writer.Begin();
            while (_queue.TryTake(out CloseBatch? batch))
            {
                Write(batch.Connections, writer);
                batch.Taken?.SetResult();
            }

            writer.Flush();
        }
        catch (Exception e)
        {
            _queue.Complete(e);
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
}
