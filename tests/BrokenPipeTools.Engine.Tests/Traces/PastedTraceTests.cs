using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Traces;

/// <summary>Text as people paste it: with quotation marks of mail, entities, names, gaps, broken lines, numbers of any kind.</summary>
public sealed class PastedTraceTests
{
    /// <summary>The server closes, the client writes twice more (relative numbers as in the description, port 2222).</summary>
    private const string TwoSends = """
        12:00:00.000000 IP client.example.40000 > server.example.2222: Flags [S], seq 0, win 65495, length 0
        12:00:00.000010 IP server.example.2222 > client.example.40000: Flags [S.], seq 0, ack 1, win 65483, length 0
        12:00:00.000020 IP client.example.40000 > server.example.2222: Flags [.], ack 1, win 512, length 0
        12:00:00.000100 IP client.example.40000 > server.example.2222: Flags [P.], seq 1:6, ack 1, win 512, length 5
        12:00:00.000110 IP server.example.2222 > client.example.40000: Flags [.], ack 6, win 512, length 0
        12:00:00.000200 IP server.example.2222 > client.example.40000: Flags [F.], seq 1, ack 6, win 512, length 0
        12:00:00.040200 IP client.example.40000 > server.example.2222: Flags [.], ack 2, win 512, length 0
        12:00:01.000300 IP client.example.40000 > server.example.2222: Flags [P.], seq 6:11, ack 2, win 512, length 5
        12:00:01.000320 IP server.example.2222 > client.example.40000: Flags [R], seq 2, win 0, length 0
        """;

    /// <summary>The same connection in other formats; each must give the same record.</summary>
    public static TheoryData<string, string> Forms() => new()
    {
        { "as printed", TwoSends },
        { "quoted by mail", string.Join('\n', TwoSends.Split('\n').Select(line => "> > " + line)) },
        { "escaped for the web", TwoSends.Replace(" > ", " &gt; ", StringComparison.Ordinal) },
        { "escaped twice", TwoSends.Replace(" > ", " &amp;gt; ", StringComparison.Ordinal) },
        { "indented", string.Join('\n', TwoSends.Split('\n').Select(line => "      " + line)) },
        { "ended by CR LF", TwoSends.Replace("\n", "\r\n", StringComparison.Ordinal) },
        { "with blank lines", TwoSends.Replace("\n", "\n\n", StringComparison.Ordinal) },
        { "with placeholders", TwoSends.Replace("client.example", "<CLIENT>", StringComparison.Ordinal).Replace("server.example", "<SERVER>", StringComparison.Ordinal) },
        { "with hidden addresses", TwoSends.Replace("client.example", "xxx.xxx.xxx.xxx", StringComparison.Ordinal).Replace("server.example", "xxx.xxx.xxx.xxx", StringComparison.Ordinal) },
        { "without times and IP", string.Join('\n', TwoSends.Split('\n').Select(line => line[(line.IndexOf("IP ", StringComparison.Ordinal) + 3)..])) },
        { "with a prompt and a summary", "user@host:~$ sudo tcpdump -i any port 2222\ntcpdump: listening on any\n" + TwoSends + "\n^C9 packets captured\n0 packets dropped by kernel\nuser@host:~$ " },
        { "broken at column 72", Broken(TwoSends, 72) },
        { "broken at column 50", Broken(TwoSends, 50) },
        { "broken between words", WordWrapped(TwoSends, 70) },
        { "in color", TwoSends.Replace("Flags", "\x1b[31mFlags\x1b[0m", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_pasted_text_gives_the_same_record_in_every_form(string form, string text)
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(text));
        Assert.True(record.Cause == Cause.WriteAfterPeerClose, $"{form}: {record.Cause}");
        Assert.Equal(CloseState.Reset, record.State);
        Assert.Equal(ClosedBy.Server, record.ClosedBy);
        Assert.Equal((6, 9), (record.ServerFinFrame, record.ServerResetFrame));
        Assert.Equal("EPIPE", record.ClientWrite);
        Assert.Equal(BrokenPipe.Client, record.BrokenPipe);
        Assert.Equal((10, 0), (record.ClientBytes, record.ServerBytes));
        Assert.Equal((40000, 2222), (record.ClientPort, record.ServerPort));
    }

    [Fact]
    public void The_published_exchange_is_a_write_after_the_peer_closed()
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(Path.Combine(RepositoryFiles.Captures, "two-sends-after-close.txt"));
        Assert.True(analyzer.TryNext(out ConnectionClose? record));
        Assert.Equal(Cause.WriteAfterPeerClose, record.Cause);
        Assert.Equal("EPIPE", record.ClientWrite);
    }

    [Fact]
    public void Host_names_are_kept_as_names()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(TwoSends));
        Assert.Equal(("client.example", "server.example"), (record.ClientAddress, record.ServerAddress));
    }

    [Fact]
    public void Missing_fields_are_named_and_not_shown_as_zero()
    {
        ConnectionClose record = Assert.Single(PrintedTrace.Read(TwoSends));
        const CaptureQuality Expected = CaptureQuality.NoTimeToLive | CaptureQuality.NoIdentification | CaptureQuality.NoPayload | CaptureQuality.NoDate;
        Assert.Equal(Expected, record.CaptureQuality & Expected);
        Assert.All(record.Events, step => Assert.Null(step.TimeToLive));
        Assert.All(record.Events, step => Assert.Null(step.IpIdentification));
    }

    [Fact]
    public void Several_connections_in_one_paste_are_several_records()
    {
        string other = TwoSends.Replace("40000", "40001", StringComparison.Ordinal).Replace("client.example", "198.51.100.7", StringComparison.Ordinal);
        string mixed = string.Join('\n', TwoSends.Split('\n').Zip(other.Split('\n'), (one, two) => one + "\n" + two));
        List<ConnectionClose> records = PrintedTrace.Read(mixed);
        Assert.Equal(2, records.Count);
        Assert.All(records, record => Assert.Equal(Cause.WriteAfterPeerClose, record.Cause));
        Assert.Equal(["client.example", "198.51.100.7"], records.Select(record => record.ClientAddress));
    }

    [Fact]
    public void A_gap_in_the_paste_leaves_no_high_confidence()
    {
        string[] lines = TwoSends.Split('\n');
        string text = string.Join('\n', [.. lines[..5], "... (omitted)", .. lines[5..]]);
        ConnectionClose record = Assert.Single(PrintedTrace.Read(text));
        Assert.True(record.CaptureQuality.HasFlag(CaptureQuality.CutShort));
        Assert.NotEqual(Confidence.High, record.Confidence);
    }

    [Fact]
    public void A_line_that_cannot_be_read_is_counted_and_shown()
    {
        string text = TwoSends + "\n12:00:02.000000 IP client.example.40000 > server.example.2222: Flags [P.], seq 1";
        (List<ConnectionClose> records, CloseAnalyzer analyzer) = PrintedTrace.All(text);
        Assert.Single(records);
        Assert.Contains("1 lines look like packets but could not be read: line 10: 12:00:02", CaptureSummary.Of(analyzer), StringComparison.Ordinal);
    }

    private static string Broken(string text, int width) => string.Join('\n', text.Split('\n').SelectMany(line => line.Chunk(width).Select(part => new string(part))));

    private static string WordWrapped(string text, int width) => string.Join('\n', text.Split('\n').SelectMany(line => Wrap(line, width)));

    private static IEnumerable<string> Wrap(string line, int width)
    {
        while (line.Length > width && line.LastIndexOf(' ', width) is > 0 and var space)
        {
            yield return line[..space];
            line = line[(space + 1)..];
        }

        yield return line;
    }

    /// <summary>tcpdump counts from the numbers of the old connection until a SYN-ACK answers the new SYN; it prints a RST without ACK unchanged.</summary>
    [Fact]
    public void An_answer_to_a_SYN_on_a_used_port_has_the_numbers_of_the_old_connection()
    {
        ConnectionClose[] records = [.. PrintedTrace.Read("""
            15:21:16.357147 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [S], seq 2750984661, win 64240, length 0
            15:21:16.357178 IP 198.51.100.1.42477 > 192.0.2.1.35902: Flags [S.], seq 1286062823, ack 2750984662, win 65160, length 0
            15:21:16.357192 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [.], ack 1, win 63, length 0
            15:21:16.357318 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [P.], seq 1:6, ack 1, win 63, length 5
            15:21:16.357325 IP 198.51.100.1.42477 > 192.0.2.1.35902: Flags [.], ack 6, win 64, length 0
            15:21:16.358261 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [S], seq 2751002801, win 64240, length 0
            15:21:16.358274 IP 198.51.100.1.42477 > 192.0.2.1.35902: Flags [.], ack 6, win 64, length 0
            15:21:16.358282 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [R], seq 2750984667, win 0, length 0
            15:21:16.371719 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [S], seq 2751002801, win 64240, length 0
            15:21:16.371757 IP 198.51.100.1.42477 > 192.0.2.1.35902: Flags [S.], seq 1286290607, ack 2751002802, win 65160, length 0
            15:21:16.371772 IP 192.0.2.1.35902 > 198.51.100.1.42477: Flags [.], ack 1, win 63, length 0
            """).OrderBy(record => record.Stream)];

        Assert.Equal([Cause.StillOpen, Cause.StalePortReuse], records.Select(record => record.Cause));
        Assert.Equal("ok", records[1].Connect);
    }

    /// <summary>An ICMP error that quotes nothing answers the packet right before it.</summary>
    [Theory]
    [InlineData("", true, false)]
    [InlineData("12:00:00.999990 IP 192.0.2.1.40001 > 198.51.100.1.80: Flags [P.], seq 1:9, ack 1, win 63, length 8\n", false, true)]
    [InlineData("12:00:00.999990 IP 192.0.2.1.40001 > 198.51.100.1.80: Flags [P.], seq 1:9, ack 1, win 63, length 8\n12:00:00.999995 IP 192.0.2.9.5000 > 192.0.2.8.80: Flags [.], ack 1, win 63, length 0\n", false, false)] // two packets are possible
    public void An_error_that_quotes_nothing_is_about_the_packet_before_it(string before, bool first, bool second)
    {
        string text = Open(40001) + Open(40000) + "12:00:00.500000 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [P.], seq 1:9, ack 1, win 63, length 8\n" + before
            + "12:00:01.000000 IP 192.0.2.254 > 192.0.2.1: ICMP host 198.51.100.1 unreachable, length 65\n";

        Dictionary<int, ConnectionClose> records = PrintedTrace.Read(text).ToDictionary(record => record.ClientPort);

        Assert.Equal((first, second), (HasError(records[40000]), HasError(records[40001])));
    }

    private static bool HasError(ConnectionClose record) => record.Events.Any(e => e.Kind == ObservationKind.IcmpError);

    private static string Open(int port) => $"""
        12:00:00.000000 IP 192.0.2.1.{port} > 198.51.100.1.80: Flags [S], seq 1000, win 64240, length 0
        12:00:00.000010 IP 198.51.100.1.80 > 192.0.2.1.{port}: Flags [S.], seq 5000, ack 1001, win 65160, length 0
        12:00:00.000020 IP 192.0.2.1.{port} > 198.51.100.1.80: Flags [.], ack 1, win 63, length 0

        """;
}
