using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Diagnoses and writes records on a thread of its own, so that one core follows connections while another does that. Bounded: if writing
/// is slower, the analysis waits.
/// </summary>
internal sealed class RecordPump : IDisposable
{
    /// <summary>Enough for the way to be worth it; with those under way few enough for the records to stay in the nearer caches.</summary>
    private const int BatchSize = 128;

    private const int BatchesUnderWay = 6;

    private readonly Channel<Batch> _channel = Channel.CreateBounded<Batch>(
        new BoundedChannelOptions(BatchesUnderWay) { SingleReader = true, SingleWriter = true });

    /// <summary>So many records before its own turn a record's memory is asked for: enough for the waits to overlap, few enough to be in the nearest cache still.</summary>
    private const int Ahead = 8;

    private readonly RecordPool? _pool;
    private readonly Task _writing;
    private List<ConnectionClose> _batch = new(BatchSize);

    /// <param name="writer">Takes them.</param>
    /// <param name="pool">Takes the records back once they are written; null if they are kept.</param>
    public RecordPump(IRecordWriter writer, RecordPool? pool)
    {
        _pool = pool;
        _writing = Task.Run(() => WriteAsync(writer));
    }

    /// <summary>Adds a record. It is handed over with others, if there are enough for the way to be worth it, or with <see cref="Flush"/>.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has gone away.</exception>
    /// <exception cref="OutputFailedException">The output takes no more for another reason.</exception>
    public void Add(ConnectionClose record)
    {
        _batch.Add(record);
        if (_batch.Count == BatchSize)
            Flush();
    }

    /// <inheritdoc cref="Add"/>
    /// <summary>Hands over the records added so far, and does not wait until they are written.</summary>
    public void Flush()
    {
        if (_batch.Count > 0)
            Send(new Batch(_batch));
    }

    /// <inheritdoc cref="Add"/>
    /// <summary>Waits until the records added so far are written.</summary>
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
        _batch = new List<ConnectionClose>(BatchSize);
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
                Write(batch.Records, writer);
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

    private void Write(List<ConnectionClose> records, IRecordWriter writer)
    {
        for (int i = 0; i < records.Count; i++)
        {
            Anticipate(records, i);
            writer.Write(records[i]);
        }

        _pool?.Return(records);
        writer.Flush();
    }

    /// <summary>Asks for the memory of the records to come: another core has made them, and each would have to be waited for alone.</summary>
    private static void Anticipate(List<ConnectionClose> records, int index)
    {
        if (index + Ahead < records.Count)
            Prefetch.Fields(records[index + Ahead].Connection);
        if (index + (Ahead / 2) < records.Count)
            records[index + (Ahead / 2)].Connection.PrefetchLog();
    }

    /// <param name="Records">The records.</param>
    /// <param name="Written">Completed once they are written; null if nobody waits for that.</param>
    private readonly record struct Batch(List<ConnectionClose> Records, TaskCompletionSource? Written = null);
}
