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
    private const int BatchSize = 256;
    private const int BatchesUnderWay = 8;

    private readonly Channel<List<ConnectionClose>> _channel = Channel.CreateBounded<List<ConnectionClose>>(
        new BoundedChannelOptions(BatchesUnderWay) { SingleReader = true, SingleWriter = true });

    private readonly RecordPool _pool;
    private readonly Task _writing;
    private List<ConnectionClose> _batch = new(BatchSize);

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

    private async Task WriteAsync(RecordWriter writer)
    {
        try
        {
            writer.Begin();
            await foreach (List<ConnectionClose> batch in _channel.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                foreach (ConnectionClose record in batch)
                    writer.Write(record);
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
