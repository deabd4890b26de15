using BrokenPipeTools.Analysis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Captures;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>Connections rebuilt from public reports: each checked value must be one of the accepted values.</summary>
public sealed class FieldCaseTests
{
    [Fact]
    public void Every_checked_value_of_a_field_case_is_accepted()
    {
        List<string> wrong = [];
        foreach (FieldCase expected in FieldCase.All)
        {
            ConnectionClose record = RecordOf(expected);
            foreach ((string column, string seen) in expected.Differences(record))
                wrong.Add($"{expected.Name} {column} is {seen} ({expected.Reason}); {record.Sequence}: {record.Explanation}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_capture_has_a_row_and_an_origin()
    {
        string[] captures = [.. Directory.GetFiles(FieldCase.Folder, "*.pcap").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        string[] origins = [.. File.ReadLines(Path.Combine(FieldCase.Folder, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1])];
        Assert.Equal(captures, FieldCase.All.Select(row => row.File).Distinct().Order(StringComparer.Ordinal));
        Assert.All(captures, capture => Assert.Contains(origins, origin => capture == $"{origin}.pcap" || capture == $"{origin}-client-side.pcap"));
        Assert.All(origins, origin => Assert.Contains($"{origin}.pcap", captures));
        Assert.All(FieldCase.All, row => Assert.NotEmpty(row.Reason));
    }

    private static ConnectionClose RecordOf(FieldCase expected)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(Path.Combine(FieldCase.Folder, expected.File));
        while (analyzer.TryNext(out ConnectionClose? record))
        {
            if (record.Stream == expected.Stream)
                return record;
        }

        throw new InvalidOperationException($"{expected.File} has no stream {expected.Stream}");
    }
}
