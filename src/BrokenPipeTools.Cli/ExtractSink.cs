using System.Globalization;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>Gives records to an export, on the analyzing thread.</summary>
/// <param name="export">Takes what it needs of them.</param>
/// <param name="pool">Takes them back.</param>
internal sealed class ExtractSink(RecordExport export, RecordPool pool) : IRecordSink
{
    private bool _isFull;

    public void Add(ConnectionClose record)
    {
        if (!_isFull && !export.TryAdd(record))
        {
            _isFull = true;
            StandardError.WriteLine(string.Create(CultureInfo.InvariantCulture, $"brokenpipe: warning: only the first {CaptureExtract.MaxConnections} connections are written; choose fewer, by --cause or --address"));
        }

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
