using System.Text;
using BrokenPipeTools.Cli;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tests.Building;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The table in terminals of every width.</summary>
public class TableRecordWriterTests
{
    private const string Script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(1400)\nS:ACK\n+1234 S:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST\n";

    private static readonly ConnectionClose[] Records = [PacketScript.One(Script), PacketScript.One(Script, ipv6: true)];

    public static TheoryData<int> Widths => [.. Enumerable.Range(40, 161)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void No_value_is_cut_and_a_line_that_was_too_long_ends_with_an_ellipsis(int width)
    {
        string[] lines = [.. Lines(width).Skip(2)]; // the path and the titles
        Assert.Equal(Records.Length, lines.Length);
        foreach ((string line, ConnectionClose record) in lines.Zip(Records))
        {
            Assert.True(line.Length <= width, line);
            string[] cells = [.. TableRecordWriter.Fitting(width).Select(column => column.Pad(column.Value(record)))];
            if (line.EndsWith('…'))
                Assert.Contains(line[..^2], Enumerable.Range(1, cells.Length - 1).Select(count => string.Join(' ', cells.Take(count)).TrimEnd()));
            else
                Assert.Equal(string.Join(' ', cells).TrimEnd(), line);
        }
    }

    [Fact]
    public void A_colored_state_takes_no_room()
    {
        string plain = Lines(80)[2];
        string colored = Lines(80, colors: true)[2];
        Assert.Equal(plain, colored.Replace("\e[31m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
        Assert.NotEqual(plain, colored);
    }

    private static string[] Lines(int width, bool colors = false)
    {
        using MemoryStream output = new();
        TableRecordWriter writer = new(output, width, colors);
        foreach (ConnectionClose record in Records)
            writer.Write(record);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
