using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Cases;

namespace BrokenPipeTools.Tests.Output;

/// <summary>The rows of CSV, which are written field by field, beside the columns that the other formats use.</summary>
public sealed class CsvRecordWriterTests
{
    private const string NamesInPlaceOfAddresses = """
        12:00:00.000001 IP web1.51234 > db1.5432: Flags [S], seq 1, win 64240, length 0
        12:00:00.000101 IP db1.5432 > web1.51234: Flags [R.], seq 0, ack 2, win 0, length 0
        12:00:01.000001 IP 10.0.0.1.51235 > db1.5432: Flags [S], seq 1, win 64240, length 0

        """;

    [Fact]
    public void Every_field_of_every_case_has_the_text_of_its_column()
    {
        ConnectionClose[] records = [.. PacketCases.Read().All.SelectMany(one => PacketScript.Run(one.Script).Concat(PacketScript.Run(one.Script, ipv6: true)))];
        Assert.Empty(Enum.GetValues<Cause>().Except(records.Select(record => record.Cause)).Except([Cause.DataAfterOwnClose])); // that one needs a local side
        AssertFields(records, together: 4);
    }

    [Fact]
    public void Every_field_of_every_capture_has_the_text_of_its_column()
    {
        string[] files = [.. Directory.GetFiles(RepositoryFiles.Captures, "*.pcap*"), .. Directory.GetFiles(RepositoryFiles.Captures, "*.txt")];
        AssertFields([.. files.SelectMany(file => Records(File.OpenRead(file), path: "a \"b\", c.pcap"))], together: 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Records_with_and_without_names_are_written_together(int together)
    {
        ConnectionClose[] named = [.. Records(new MemoryStream(Encoding.UTF8.GetBytes(NamesInPlaceOfAddresses)), path: "-")];
        ConnectionClose addressed = PacketScript.One("C:SYN\nS:RST-ACK");
        Assert.All(named, record => Assert.True(record.HasNames));
        AssertFields([addressed, .. named, addressed, addressed, .. named, addressed], together);
    }

    private static void AssertFields(ConnectionClose[] records, int together)
    {
        string[] expected = [.. records.Select(record => string.Join(',', RecordColumn.All.Select(column => CsvField.Of(TextOf(column, record)))))];
        using MemoryStream output = new();
        CsvRecordWriter writer = new(output);
        foreach (ConnectionClose[] group in records.Chunk(together))
            writer.Write(group);
        writer.Flush();
        Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string TextOf(RecordColumn column, ConnectionClose record)
    {
        Utf8Text text = new();
        column.Write(record, text);
        return Encoding.UTF8.GetString(text.Bytes);
    }

    private static List<ConnectionClose> Records(Stream capture, string path)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(capture, path));
        return Analyze.Records(analyzer);
    }
}
