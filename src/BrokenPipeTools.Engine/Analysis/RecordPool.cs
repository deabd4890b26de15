using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// A pool for a consumer that needs each record only for a short time, such as a file writer. The consumer returns the records, and the memory of
/// their connections is used for the next ones. The pool is optional; records that are not returned are garbage-collected.
/// </summary>
internal sealed class RecordPool
{
    internal ConnectionPool Connections { get; } = new();

    /// <summary>Takes back a connection whose record was excluded, on the analyzing thread.</summary>
    public void Return(in PendingClose pending) => Connections.ReturnHere(pending.Connection);

    /// <summary>Takes connections back; their records may not be used afterward. May be called from any thread.</summary>
    public void Return(IReadOnlyList<PendingClose> pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        Connections.Return([.. pending.Select(one => one.Connection)]);
    }

    /// <summary>Takes records back; they may not be used afterward. May be called from any thread.</summary>
    public void Return(IReadOnlyList<ConnectionClose> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Connections.Return([.. records.Select(record => record.Connection)]);
    }
}
