using System.Text;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Analysis;

/// <summary>
/// Selects the connections whose records are wanted. All connections are followed, so a record is the same with and without a filter; only an extract
/// of packets by address or port is different. An empty list, and null, selects everything. If several conditions are set, a connection must meet all
/// of them, but of a list only one value.
/// </summary>
public sealed record RecordFilter
{
    /// <summary>Bytes of the longest <see cref="Contains"/>.</summary>
    public const int MaxTextLength = 255;

    /// <summary>The addresses of either side.</summary>
    public IReadOnlyList<AddressPrefix> Addresses { get; init; } = [];

    /// <summary>The ports of either side.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The states at the end.</summary>
    public IReadOnlyList<CloseState> States { get; init; } = [];

    /// <summary>The causes.</summary>
    public IReadOnlyList<Cause> Causes { get; init; } = [];

    /// <summary>The connection has a segment at this time or later. UTC.</summary>
    public DateTime? After { get; init; }

    /// <summary>The connection has a segment at this time or earlier. UTC.</summary>
    public DateTime? Before { get; init; }

    /// <summary>A text that must occur in the payload of one segment, as UTF-8 bytes; case matters. At most <see cref="MaxTextLength"/> bytes.</summary>
    public string? Contains { get; init; }

    /// <summary>The bytes of <see cref="Contains"/>; empty for none.</summary>
    internal byte[] TextBytes => Encoding.UTF8.GetBytes(Contains ?? "");

    /// <summary>Returns whether the record of a connection may be wanted. If not, it need not be made.</summary>
    internal bool MayWant(Connection connection) =>
        (Ports.Count == 0 || Ports.Contains(connection.Key.Port0) || Ports.Contains(connection.Key.Port1))
        && (Addresses.Count == 0 || HasAddress(connection.Key))
        && (string.IsNullOrEmpty(Contains) || connection.HoldsText);

    /// <summary>
    /// Returns whether a record is wanted, if <see cref="MayWant"/> was true. The cheapest conditions are checked first; the cause needs a diagnosis.
    /// </summary>
    internal bool Wants(ConnectionClose record) =>
        (States.Count == 0 || States.Contains(record.State))
        && IsWithin(record)
        && (Causes.Count == 0 || Causes.Contains(record.Cause));

    private bool HasAddress(in FlowKey key)
    {
        for (int i = 0; i < Addresses.Count; i++) // an enumerator would allocate an object for each connection
        {
            if (Addresses[i].Contains(key.Address0, key.IsIPv6) || Addresses[i].Contains(key.Address1, key.IsIPv6))
                return true;
        }

        return false;
    }

    /// <summary>Compares the connection's times with the limits. The times of a capture may run backward.</summary>
    private bool IsWithin(ConnectionClose record)
    {
        if (After is null && Before is null)
            return true;
        (DateTime start, DateTime end) = (record.StartTime, record.EndTime);
        return (After is not { } after || start >= after || end >= after) && (Before is not { } before || start <= before || end <= before);
    }
}
