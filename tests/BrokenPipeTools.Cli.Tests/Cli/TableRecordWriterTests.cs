using System.Text;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The table in terminals of every width.</summary>
public class TableRecordWriterTests
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(1400)\nS:ACK\n+1234 S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n";

    private static readonly ConnectionClose[] Records = [PacketScript.One(Script), PacketScript.One(Script, ipv6: true)];

    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 250)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_line_is_longer_than_the_terminal_and_omissions_are_marked(int width)
    {
        string[] lines = [.. Lines(width).Skip(1)]; // the path
        Assert.Equal(1 + Records.Length, lines.Length);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        foreach ((string line, ConnectionClose record) in lines.Skip(1).Zip(Records))
        {
            string[] cells = [.. TableRecordWriter.Layout(width).Columns.Select(column => column.Pad(column.Value(record)))];
            if (!line.EndsWith('…'))
                Assert.Equal(string.Join(' ', cells).Trim(), line.Trim());
            else if (line.EndsWith(" …", StringComparison.Ordinal))
                Assert.Contains(line[..^2].Trim(), Enumerable.Range(1, cells.Length - 1).Select(count => string.Join(' ', cells.Take(count)).Trim()));
            else
                Assert.StartsWith(line[..^1], cells[0].Trim(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Colors_have_no_width(int width) =>
        Assert.Equal(Lines(width), Lines(width, colors: true).Select(line => line.Replace("\e[31m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal)));

    [Fact]
    public void A_state_has_a_color() => Assert.Contains("\e[31mReset     \e[0m", Lines(80, colors: true)[2], StringComparison.Ordinal);

    private static string[] Lines(int width, bool colors = false)
    {
        using MemoryStream output = new();
        TableRecordWriter writer = new(output, width, colors);
        foreach (ConnectionClose record in Records)
            writer.Write([record]);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
