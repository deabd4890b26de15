using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Testing.Captures;

/// <summary>
/// One row of tests/captures/field/expected.csv: the accepted values of a connection that was rebuilt from a public report. Alternatives are
/// separated by <c>|</c>; an empty cell is not checked. The last column is the reason, which may contain spaces but no commas.
/// </summary>
internal sealed class FieldCase(TableRow row)
{
    public static string Folder { get; } = Path.Combine(RepositoryFiles.Captures, "field");

    public static IReadOnlyList<FieldCase> All { get; } = ReadAll();

    public string File => row["file"];

    public int Stream => (int)row.Number("stream")!.Value;

    /// <summary>A description of the event, in a few words.</summary>
    public string Reason => row["reason"];

    /// <summary>The name of the file without its extension, and the stream.</summary>
    public string Name => $"{Path.GetFileNameWithoutExtension(File)} {Stream}";

    /// <summary>Returns the columns whose value is not accepted, each with the value.</summary>
    public IEnumerable<(string Column, string Seen)> Differences(ConnectionClose record)
    {
        (string Column, string Seen)[] values =
        [
            ("state", $"{record.State}"),
            ("closed_by", $"{record.ClosedBy}"),
            ("cause", $"{record.Cause}"),
            ("connect", record.Connect),
            ("client_write", record.ClientWrite),
            ("server_write", record.ServerWrite),
        ];
        foreach ((string column, string seen) in values)
        {
            bool isJudged = row[column].Length > 0;
            if (!isJudged || row[column].Split('|').Contains(seen))
                continue;
            yield return (column, seen);
            if (column == "cause" && record.Confidence == Confidence.High)
                yield return ("confidence", $"High for {seen}");
        }
    }

    private static FieldCase[] ReadAll()
    {
        string[] lines = System.IO.File.ReadAllLines(Path.Combine(Folder, "expected.csv"));
        string[] columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => new FieldCase(new TableRow(columns.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => pair.Second))))];
    }
}
