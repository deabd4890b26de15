using System.Diagnostics;
using System.Text.RegularExpressions;
using BrokenPipeTools.Cli;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Tests.House;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>Runs where the corpus of public captures lies beside the repository (it is not part of it); elsewhere it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (!Directory.Exists(CorpusTests.Folder))
            Skip = "the corpus of public captures is not beside this repository";
    }
}

/// <summary>
/// Twelve hundred captures of other projects' test suites, with what tshark and Zeek say of each connection. Whatever we say
/// differently is listed here with its reason; anything else that differs fails.
/// </summary>
public sealed partial class CorpusTests : IDisposable
{
    /// <summary>Connections that we report and tshark 4.0 does not.</summary>
    private static readonly Dictionary<string, string> MoreThanTshark = new()
    {
        ["tcpdump/bigtcp-ipv4-geneve-ipv4.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv4-geneve-ipv6.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv4-vxlan-ipv4.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv4-vxlan-ipv6.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv6-geneve-ipv4.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv6-geneve-ipv6.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv6-vxlan-ipv4.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv6-vxlan-ipv6.pcap"] = BigTcp,
        ["tcpdump/bigtcp-ipv6.pcap"] = BigTcp,
    };

    /// <summary>Columns that differ.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["MaxGap tcpdump/timestamp_invalid_micro.pcap"] = InvalidTime,
        ["MaxGap tcpdump/timestamp_invalid_nano.pcap"] = InvalidTime,
    };

    /// <summary>Zeek states and histories that differ.</summary>
    private static readonly Dictionary<string, string> DifferentFromZeek = new()
    {
        ["zeek/smtp.pcap"] = "Zeek's baseline is of a test whose script drops every packet of a connection after its first ones (netcontrol's packet filter)",
    };

    private const string BigTcp = "a BIG TCP packet of more than 64 KB with a length field of 0: tshark 4.0 gives up on it, tcpdump, whose test it is, reads it as we do";

    private const string InvalidTime = "the fraction of a second is a second or more; tshark prints it behind the point (370.1000000000), which the corpus read as a decimal; we take it for 0";

    private readonly string _csv = Path.Combine(Path.GetTempPath(), $"corpus-{Guid.NewGuid():N}.csv");

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(WallsTests.RepositoryRoot(), "..", "shared", "corpus"));

    public void Dispose()
    {
        File.Delete(_csv);
        File.Delete(_csv + ".dump");
    }

    [CorpusFact]
    public void Records_agree_with_tshark_in_every_column_but_for_what_is_understood()
    {
        WriteCsv();
        string output = Compare("--dump", _csv + ".dump");
        Assert.Contains("missing 0,", output, StringComparison.Ordinal);
        string[][] rows = [.. File.ReadLines(_csv + ".dump").Skip(1).Select(l => l.Split(','))];
        Assert.Equal(MoreThanTshark.Keys.Order(), rows.Where(r => r[0] == "extra").Select(r => r[2]).Distinct().Order());
        Assert.Equal(Different.Keys.Order(), rows.Where(r => r[0] == "differs").Select(r => $"{r[1]} {r[2]}").Distinct().Order());
    }

    [CorpusFact]
    public void Streams_have_the_numbers_of_tshark()
    {
        Dictionary<(string File, string Stream), string> expected = File.ReadLines(Path.Combine(Folder, "oracle.csv")).Skip(1).Select(l => l.Split(','))
            .Where(f => f[6] != "0").ToDictionary(f => (f[0], f[1]), f => f[7]);
        int seen = 0;
        foreach ((string file, ConnectionClose record) in Records().Where(r => !MoreThanTshark.ContainsKey(r.File)))
        {
            Assert.True(expected.TryGetValue((file, $"{record.Stream}"), out string? firstFrame), $"{file} has no stream {record.Stream}");
            Assert.Equal(firstFrame, $"{record.FirstFrame}");
            seen++;
        }

        Assert.Equal(expected.Count, seen);
    }

    [CorpusFact]
    public void States_and_histories_agree_with_Zeek_but_for_what_is_understood()
    {
        WriteCsv();
        string output = Compare("--zeek", "--max", "1000");
        IEnumerable<string> files = Disagreement().Matches(output).Select(m => m.Groups[1].Value).Distinct();
        Assert.Equal(DifferentFromZeek.Keys, files);
        Assert.Contains("state ok:", output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"! got .*?: (zeek/\S+) ")]
    private static partial Regex Disagreement();

    private static IEnumerable<(string File, ConnectionClose Record)> Records()
    {
        foreach (string path in Directory.GetFiles(Folder, "*cap*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            using CloseAnalyzer analyzer = CloseAnalyzer.Open(path);
            while (analyzer.TryNext(out ConnectionClose? record))
                yield return ($"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}", record);
        }
    }

    private void WriteCsv()
    {
        using FileStream file = File.Create(_csv);
        CsvRecordWriter writer = new(file);
        writer.Begin();
        foreach ((_, ConnectionClose record) in Records())
            writer.Write(record);
        writer.Flush();
    }

    private string Compare(params string[] options)
    {
        using Process process = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Folder, "compare.py"), _csv, .. options]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode is 0 or 1, output);
        return output;
    }
}
