using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;

namespace BrokenPipeTools.Tests.Closing;

/// <summary>
/// The project's own captures, each with its expected records. After an intended change, set UPDATE_EXPECTED=1, run once, and read the difference
/// before committing it.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Folder = RepositoryFiles.Captures;

    private static readonly string[] Names = [.. Directory.GetFiles(Folder, "*.pcap*").Concat(Directory.GetFiles(Folder, "*.txt")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Captures() => [.. Names];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Records_are_as_expected(string capture)
    {
        string expectedPath = Path.Combine(Folder, "expected", Path.GetFileNameWithoutExtension(capture) + ".jsonl");
        string actual = Records(capture);
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
            File.WriteAllText(expectedPath, actual);
        Assert.Equal(File.ReadAllText(expectedPath), actual);
    }

    [Fact]
    public void Every_capture_has_a_line_on_its_origin_and_back()
    {
        string[] documented = [.. File.ReadLines(Path.Combine(Folder, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(l => l.Split('`')[1])];
        Assert.Equal(Names, documented.Order(StringComparer.Ordinal));
    }

    private static string Records(string capture)
    {
        using MemoryStream output = new();
        JsonRecordWriter writer = new(output);
        using CloseAnalyzer analyzer = new(BrokenPipeTools.Capture.Files.CaptureFile.Open(File.OpenRead(Path.Combine(Folder, capture)), capture));
        while (analyzer.TryNext(out ConnectionClose? record))
            writer.Write([record]);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
