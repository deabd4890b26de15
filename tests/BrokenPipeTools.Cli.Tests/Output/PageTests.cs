using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Output;

public sealed partial class PageTests
{
    /// <summary>All texts that could break out of an element: elements, ends of elements and of attributes, line separators, right-to-left marks.</summary>
    internal const string Hostile = "<script>window.taken=1</script>\"'><img src=x onerror=window.taken=1><!--&lt;\u2028\u202e\u200f\u0007]]>";

    private const string BrokenPipe = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST";

    [GeneratedRegex(@"<script type=""application/json"" id=""(?<id>\w+)"">(?<data>.*?)</script>", RegexOptions.Singleline)]
    internal static partial Regex Data();

    [GeneratedRegex(@"\b(?:src|href|srcset|action|data|poster|ping|style|on\w+)\s*=\s*[""']|url\(|@import|\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b")]
    private static partial Regex Reaching();

    /// <summary>Returns the records of a script's connections, from a capture with a given name.</summary>
    internal static List<ConnectionClose> Records(string script, string path = "test.pcap")
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(CaptureBytes.Pcap(PacketScript.Build(script))), path));
        return Analyze.Records(analyzer);
    }

    internal static byte[] PageOf(IEnumerable<ConnectionClose> records, bool isCut = false)
    {
        using MemoryStream bytes = new();
        using PageWriter page = new(bytes);
        foreach (ConnectionClose record in records)
            page.Write(record);
        page.Complete(isCut);
        return bytes.ToArray();
    }

    private static string TextOf(IEnumerable<ConnectionClose> records, bool isCut = false) => Encoding.UTF8.GetString(PageOf(records, isCut));

    private static JsonElement DataOf(string page, string id) => JsonDocument.Parse(Data().Matches(page).Single(match => match.Groups["id"].Value == id).Groups["data"].Value).RootElement;

    [Fact]
    public void A_page_is_the_same_each_time() => Assert.Equal(PageOf(Records(BrokenPipe)), PageOf(Records(BrokenPipe)));

    [Fact]
    public void The_policy_names_the_one_style_and_the_one_script_and_allows_nothing_else()
    {
        string page = TextOf(Records(BrokenPipe));
        string policy = WebUtility.HtmlDecode(Regex.Match(page, "http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value);
        string style = Regex.Match(page, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        string script = Regex.Match(page, "<script>(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;
        string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
        string[] directives = policy.Split("; ");
        Assert.Contains("default-src 'none'", directives);
        Assert.Contains($"style-src {Hash(style)}", directives);
        Assert.Contains($"script-src {Hash(script)}", directives);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.True(page.IndexOf("Content-Security-Policy", StringComparison.Ordinal) < page.IndexOf("<style", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_refers_to_nothing_outside_itself()
    {
        string page = Data().Replace(TextOf(Records(BrokenPipe)), "");
        Assert.Empty(Reaching().Matches(page).Select(match => match.Value));
        Assert.All(Regex.Matches(page, @"\w+://[\w./]*").Select(match => match.Value), address => Assert.Equal("http://www.w3.org/2000/svg", address));
    }

    [Fact]
    public void Texts_from_the_network_stay_text()
    {
        string page = TextOf(Records(BrokenPipe, Hostile));
        Assert.All(Data().Matches(page), match => Assert.DoesNotMatch("[<>&\u2028\u2029\u202e\u200f\a]", match.Groups["data"].Value));
        Assert.Equal(TextOf(Records(BrokenPipe)).Split("<script").Length, page.Split("<script").Length);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        string shown = DisplayText.Of(Hostile);
        Assert.Equal(shown, DataOf(page, "texts")[0].GetString());
        Assert.Contains($"<th scope=\"row\">{WebUtility.HtmlEncode(shown)}</th>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_are_those_of_the_record()
    {
        ConnectionClose record = Assert.Single(Records(BrokenPipe));
        string page = TextOf([record]);
        JsonElement connections = DataOf(page, "connections");
        JsonElement texts = DataOf(page, "texts");
        JsonElement Value(string name) => connections[1][connections[0].EnumerateArray().Select(field => field.GetString()).ToList().IndexOf(name)];
        string Shared(JsonElement number) => texts[number.GetInt32()].GetString()!;
        Assert.Equal(2, connections.GetArrayLength());
        Assert.Equal(record.Explanation, Value("explanation").GetString());
        Assert.Equal(record.Advice, Shared(Value("advice")));
        Assert.Equal(record.Path, Shared(Value("path")));
        Assert.Equal([record.Connect, record.ClientRead, record.ClientWrite, record.ServerRead, record.ServerWrite], Value("calls").EnumerateArray().Select(Shared));
        Assert.Equal(record.Evidence.Select(evidence => (evidence.Frame, evidence.Shows)), Value("evidence").EnumerateArray().Select(evidence => (evidence[0].GetInt64(), Shared(evidence[1]))));
        Assert.Equal(record.Events.Select(rung => (rung.Frame, rung.Note)), Value("ladder").EnumerateArray().Select(rung => (rung[0].GetInt64(), Shared(rung[10]))));
        Assert.Equal(record.Alternatives.Select(other => other.Why), Value("alternatives").EnumerateArray().Select(other => Shared(other[1])));
    }

    [Fact]
    public void A_text_that_connections_share_is_on_the_page_once()
    {
        List<ConnectionClose> records = Records($"{BrokenPipe}\n{BrokenPipe.Replace("\n", " conn=1\n", StringComparison.Ordinal)} conn=1");
        Assert.Equal(2, records.Count);
        Assert.Equal(2, TextOf(records).Split(JsonEncodedText.Encode(records[0].Advice).ToString()).Length);
    }

    [Fact]
    public void The_overview_needs_no_script()
    {
        string page = Data().Replace(TextOf([.. Records(BrokenPipe, "a.pcap"), .. Records("C:SYN\nS:RST-ACK", "b.pcap")]), "");
        string overview = page[page.IndexOf("<header>", StringComparison.Ordinal)..page.IndexOf("</header>", StringComparison.Ordinal)];
        string shown = Regex.Replace(Regex.Replace(overview, "<[^>]+>", " "), @"\s+", " ");
        Assert.Contains("Connections 2 In trouble 2 First packet (UTC) 2023-11-14 22:13:20.001000 Last packet (UTC) 2023-11-14 22:13:21.008000", shown, StringComparison.Ordinal);
        Assert.Contains("By cause ConnectionRefused 1 50.0 % WriteAfterPeerClose 1 50.0 %", shown, StringComparison.Ordinal);
        Assert.Contains("By state Refused 1 50.0 % Reset 1 50.0 %", shown, StringComparison.Ordinal);
        Assert.Contains("By capture a.pcap 1 b.pcap 1", shown, StringComparison.Ordinal);
        Assert.Contains("<noscript>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_page_has_a_notice()
    {
        ConnectionClose[] records = [.. Records("C:SYN\nS:RST-ACK\nC:SYN conn=1\nS:RST-ACK conn=1\nC:SYN conn=2\nS:RST-ACK conn=2")];
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.html");
        try
        {
            using (RecordExport export = new(path, overwrite: false))
                Assert.Equal(PageWriter.MaxConnections, export.Capacity);
            using (RecordExport export = new(path, overwrite: false) { Capacity = 2 })
            {
                Assert.Equal([true, true, true, false], new[] { records[0], records[0], records[1], records[2] }.Select(export.TryAdd)); // adding it twice counts once
                Assert.Empty(export.Complete(CaptureFile.Open));
            }

            string page = File.ReadAllText(path);
            Assert.Contains("<p class=\"notice\">Only the first 2 connections are on this page", page, StringComparison.Ordinal);
            Assert.Equal(1 + 2, DataOf(page, "connections").GetArrayLength()); // after the names
        }
        finally
        {
            File.Delete(path);
        }

        Assert.DoesNotContain("class=\"notice\">Only", TextOf(records), StringComparison.Ordinal);
    }
}
