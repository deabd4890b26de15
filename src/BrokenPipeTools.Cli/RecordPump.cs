using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// Formats and writes records on a second thread, so that one core analyzes while the other writes. Bounded: where writing is
/// slower, analyzing waits.
/// </summary>
internal sealed class RecordPump : IDisposable
{
    /// <summary>Enough for the way to be worth it; with those under way few enough for the records to stay in the nearer caches.</summary>
    private const int BatchSize = 128;

    private const int BatchesUnderWay = 6;

    private readonly Channel<List<ConnectionClose>> _channel = Channel.CreateBounded<List<ConnectionClose>>(
        new BoundedChannelOptions(BatchesUnderWay) { SingleReader = true, SingleWriter = true });

    /// <summary>Enough for the waits to overlap, few enough to be in the nearest cache still when their turn comes.</summary>
    private const int TouchedTogether = 8;

    private readonly RecordPool _pool;
    private readonly Task _writing;
    private List<ConnectionClose> _batch = new(BatchSize);
    private uint _touched; // so that the compiler leaves the reading in

    /// <param name="writer">Formats them.</param>
    /// <param name="pool">Takes the records back once they are written.</param>
    public RecordPump(RecordWriter writer, RecordPool pool)
    {
        _pool = pool;
        _writing = Task.Run(() => WriteAsync(writer));
    }

    /// <summary>Hands a record over; at once where <paramref name="flush"/> is set, else when there are enough for the way to be worth it.</summary>
    public void Add(ConnectionClose record, bool flush)
    {
        _batch.Add(record);
        if (flush || _batch.Count == BatchSize)
            Send();
    }

    /// <summary>Waits until everything is written.</summary>
    public void Complete()
    {
        Send();
        _channel.Writer.TryComplete();
        _writing.GetAwaiter().GetResult();
    }

    public void Dispose() => _channel.Writer.TryComplete();

    private void Send()
    {
        if (_batch.Count == 0)
            return;
        ValueTask sent = _channel.Writer.WriteAsync(_batch);
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

    /// <summary>
    /// Brings the next records into this core's cache: another core has made them, and each alone would have to be waited for.
    /// </summary>
    private static uint Anticipate(List<ConnectionClose> batch, int from)
    {
        uint touched = 0;
        for (int i = from; i < Math.Min(batch.Count, from + TouchedTogether); i++)
            touched += batch[i].Connection.TouchAll();
        return touched;
    }

    private async Task WriteAsync(RecordWriter writer)
    {
        try
        {
            writer.Begin();
            await foreach (List<ConnectionClose> batch in _channel.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                for (int i = 0; i < batch.Count; i++)
                {
                    if (i % TouchedTogether == 0)
                        _touched = Anticipate(batch, i);
                    writer.Write(batch[i]);
                }

                _pool.Return(batch);
                writer.Flush();
            }

            writer.Flush();
        }
        catch (Exception e)
        {
            _channel.Writer.TryComplete(e);
            throw;
        }
    }
}
