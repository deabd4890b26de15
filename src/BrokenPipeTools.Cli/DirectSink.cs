using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>Takes records on the analyzing thread: what is done with one takes less time than to hand it to another.</summary>
/// <param name="take">Takes what it needs of a record, which changes after that.</param>
/// <param name="pool">Takes the record back.</param>
internal sealed class DirectSink(Action<ConnectionClose> take, RecordPool pool) : IRecordSink
{
    public void Add(ConnectionClose record)
    {
        take(record);
        pool.Return(record);
    }

    public void Flush()
    {
    }

    public void Drain()
    {
    }

    public void Complete()
    {
    }

    public void Dispose()
    {
    }
}
