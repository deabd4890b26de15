using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools;

/// <summary>
/// For a consumer that is done with each record before long, as one that writes a file is: it gives the records back, and the
/// memory of their connections serves the next ones. Optional; records that are not given back live as long as any object.
/// </summary>
public sealed class RecordPool
{
    internal Reusable<Connection> Connections { get; } = new(static () => new Connection());

    /// <summary>Takes a record back on the thread that analyzes.</summary>
    internal void Return(ConnectionClose record) => Connections.Put(record.Connection);

    /// <summary>Takes records back; nothing may be asked of them afterwards. May be called from any thread.</summary>
    public void Return(IReadOnlyList<ConnectionClose> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        Connections.Return([.. records.Select(record => record.Connection)]);
    }
}
