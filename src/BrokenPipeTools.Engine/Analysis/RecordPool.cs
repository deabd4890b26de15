using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// For a consumer that is done with each record before long, as one that writes a file is: it gives the records back, and the
/// memory of their connections serves the next ones. Optional; records that are not given back live as long as any object.
/// </summary>
internal sealed class RecordPool
{
    internal ConnectionPool Connections { get; } = new();

    /// <summary>Takes back a connection whose record was not wanted, on the thread that analyzes.</summary>
    public void Return(in PendingClose pending) => Connections.Put(pending.Connection);

    /// <summary>Takes connections back; nothing may be asked of their records afterwards. May be called from any thread.</summary>
    public void Return(IReadOnlyList<PendingClose> pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        Connections.Return([.. pending.Select(one => one.Connection)]);
    }

    /// <summary>Takes records back; nothing may be asked of them afterwards. May be called from any thread.</summary>
    public void Return(IReadOnlyList<ConnectionClose> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Connections.Return([.. records.Select(record => record.Connection)]);
    }
}
