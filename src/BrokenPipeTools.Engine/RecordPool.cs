using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools;

/// <summary>
/// For a consumer that is done with each record before long, as one that writes a file is: it gives the records back, and their
/// memory serves the next ones. Optional; records that are not given back live as long as any object.
/// </summary>
public sealed class RecordPool
{
    internal Reusable<Connection> Connections { get; } = new(static () => new Connection());

    internal Reusable<ConnectionClose> Records { get; } = new(static () => new ConnectionClose());

    /// <summary>Takes records back; nothing may be asked of them afterwards. May be called from any thread.</summary>
    public void Return(IReadOnlyList<ConnectionClose> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        ConnectionClose[] used = [.. records];
        Connections.Return(Array.ConvertAll(used, record => record.Connection));
        Records.Return(used);
    }
}
