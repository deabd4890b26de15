using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Captures;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>
/// A connection in the baselines of Zeek's own tests. A capture that several tests read has a row for each of them; any of these results is accepted.
/// Baselines of tests that change how Zeek counts are not in the table.
/// </summary>
internal sealed class ZeekConnection(IReadOnlyList<TableRow> rows)
{
    public static IReadOnlyList<ZeekConnection> All { get; } =
        [.. PublicCaptures.Table("zeek.csv").GroupBy(row => (row["file"], PairOf(row), row["stream"])).Select(rows => new ZeekConnection([.. rows]))];

    public string File => rows[0]["file"];

    public Endpoints Endpoints => PairOf(rows[0]);

    /// <summary>The frame with which it begins; null if the baseline could not be tied to one.</summary>
    public long? FirstFrame => rows[0].Number("first_frame");

    /// <summary>The properties of a record that no baseline has.</summary>
    public IEnumerable<string> Differences(ConnectionClose seen)
    {
        if (!Any("conn_state", seen.ZeekState))
            yield return nameof(seen.ZeekState);
        if (!Any("history", seen.ZeekHistory))
            yield return nameof(seen.ZeekHistory);
    }

    private static Endpoints PairOf(TableRow row) => Endpoints.Of(row, "orig_h", "orig_p", "resp_h", "resp_p");

    /// <summary>A baseline may leave a column out.</summary>
    private bool Any(string column, string seen)
    {
        string[] expected = [.. rows.Select(row => row[column]).Where(value => value.Length > 0)];
        return expected.Length == 0 || expected.Contains(seen);
    }
}
