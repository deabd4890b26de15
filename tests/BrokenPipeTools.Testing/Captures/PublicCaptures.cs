using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Testing.Captures;

/// <summary>
/// Captures of the test suites of Zeek and tcpdump, in tests/captures/public, with the tables made by tshark and Zeek (see NOTICE.md there). They are
/// read once for all tests.
/// </summary>
internal static class PublicCaptures
{
    private static readonly Lazy<IReadOnlyList<PublicCapture>> Read = new(ReadAll);

    public static string Folder { get; } = Path.Combine(RepositoryFiles.Captures, "public");

    /// <summary>All captures, in the order of their names.</summary>
    public static IReadOnlyList<PublicCapture> All => Read.Value;

    /// <summary>The names as in the tables, such as zeek/smtp.pcap.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.GetFiles(Folder, "*.*cap*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    /// <summary>The connections of all captures.</summary>
    public static IEnumerable<(string File, ConnectionClose Record)> Connections => All.SelectMany(capture => capture.Records.Select(record => (capture.File, record)));

    /// <summary>The rows of a table. Its fields hold no commas and no quotation marks.</summary>
    public static IEnumerable<TableRow> Table(string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name));
        string[] columns = lines[0].Split(',');
        return lines.Skip(1).Select(line => new TableRow(columns.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second)));
    }

    private static IReadOnlyList<PublicCapture> ReadAll() => [.. Files.Select(PublicCapture.Read)];
}

/// <summary>A capture that was read to its end, or to its damage.</summary>
internal sealed record PublicCapture(string File, IReadOnlyList<ConnectionClose> Records, Exception? Fault)
{
    public static PublicCapture Read(string file)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(Path.Combine(PublicCaptures.Folder, file));
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        return new PublicCapture(file, records, analyzer.Fault);
    }
}

/// <summary>A row of a table, by the names of its columns.</summary>
internal sealed class TableRow(Dictionary<string, string> fields)
{
    public string this[string column] => fields[column];

    /// <summary>A whole number; null if the field is empty.</summary>
    public long? Number(string column) => fields[column].Length == 0 ? null : long.Parse(fields[column], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A number with decimals.</summary>
    public decimal Decimal(string column) => decimal.Parse(fields[column], System.Globalization.CultureInfo.InvariantCulture);
}
