using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Captures;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Corpus;

/// <summary>
/// Five hundred captures from other projects' test suites, with the reports of tshark and Zeek on each connection. Each known difference is listed
/// here with its reason; any other difference fails.
/// </summary>
public sealed class CorpusTests(ITestOutputHelper output)
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

    private const string AllFlags = "a segment with all flags: hosts look at its RST, and not at its SYN and FIN";

    /// <summary>Properties that differ from tshark's.</summary>
    private static readonly Dictionary<string, string> Different = new()
    {
        ["Client tcpdump/tcp_eight_lowest_weight_flags_set.pcap"] = AllFlags,
        ["ClientFinFrame tcpdump/tcp_eight_lowest_weight_flags_set.pcap"] = AllFlags,
        ["ClientRetransmissions zeek/echo-connections.pcap.gz"] = OneByte,
        ["EndTime tcpdump/timestamp_invalid_nano.pcap"] = InvalidTime,
        ["MaxGap tcpdump/timestamp_invalid_micro.pcap"] = InvalidTime,
        ["MaxGap tcpdump/timestamp_invalid_nano.pcap"] = InvalidTime,
    };

    /// <summary>Zeek states and histories that differ.</summary>
    private static readonly Dictionary<string, string> DifferentFromZeek = new()
    {
        ["zeek/smtp.pcap"] = "Zeek's baseline is of a test whose script drops every packet of a connection after its first ones (netcontrol's packet filter)",
    };

    private const string OneByte = "a write of one byte was retransmitted; Wireshark takes every repeated byte for a keepalive probe, also one that was not acknowledged";

    private const string BigTcp = "a BIG TCP packet of more than 64 KB with a length field of 0: tshark 4.0 gives up on it, tcpdump, whose test it is, reads it as we do";

    private const string InvalidTime = "the fraction of a second is a second or more; tshark prints it behind the point (370.1000000000), which the table took for a decimal; we take it for 0";

    [Fact]
    public void Records_agree_with_tshark_in_every_column_except_for_listed_differences()
    {
        Dictionary<(string, Endpoints, long), TsharkStream> expected = TsharkStream.All.ToDictionary(stream => (stream.File, stream.Endpoints, stream.FirstFrame));
        List<string> extra = [], different = [];
        int compared = 0;
        foreach ((string file, ConnectionClose record) in PublicCaptures.Connections)
        {
            if (expected.Remove((file, Endpoints.Of(record), record.FirstFrame), out TsharkStream? stream))
            {
                compared++;
                different.AddRange(stream.Differences(record).Select(property => $"{property} {file}"));
            }
            else
            {
                extra.Add(file);
            }
        }

        output.WriteLine($"{compared} connections of {PublicCaptures.Files.Count} captures compared");
        Assert.Empty(expected.Keys);
        Assert.Equal(MoreThanTshark.Keys.Order(), extra.Distinct().Order());
        Assert.Equal(Different.Keys.Order(), different.Distinct().Order());
    }

    [Fact]
    public void Streams_have_the_numbers_of_tshark()
    {
        Dictionary<(string, int), long> expected = TsharkStream.All.ToDictionary(stream => (stream.File, stream.Stream), stream => stream.FirstFrame);
        Dictionary<(string, int), long> seen = PublicCaptures.Connections.Where(connection => !MoreThanTshark.ContainsKey(connection.File))
            .ToDictionary(connection => (connection.File, connection.Record.Stream), connection => connection.Record.FirstFrame);
        Assert.Equal(expected.OrderBy(pair => pair.Key), seen.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void States_and_histories_agree_with_Zeek_except_for_listed_differences()
    {
        ILookup<(string, Endpoints), ConnectionClose> seen = PublicCaptures.Connections.ToLookup(connection => (connection.File, Endpoints.Of(connection.Record)), connection => connection.Record);
        List<string> different = [];
        foreach (ZeekConnection connection in ZeekConnection.All)
        {
            ConnectionClose[] records = [.. seen[(connection.File, connection.Endpoints)]];
            ConnectionClose? record = records.FirstOrDefault(r => r.FirstFrame == connection.FirstFrame) ?? records.FirstOrDefault();
            if (record is null || connection.Differences(record).Any())
                different.Add(connection.File);
        }

        output.WriteLine($"{ZeekConnection.All.Count} connections compared");
        Assert.NotEmpty(ZeekConnection.All);
        Assert.Equal(DifferentFromZeek.Keys, different.Distinct());
    }

    [Fact]
    public void A_damaged_capture_ends_with_one_clear_fault() => Assert.All(PublicCaptures.All.Where(capture => capture.Fault is not null), capture =>
    {
        CaptureFormatException fault = Assert.IsType<CaptureFormatException>(capture.Fault);
        Assert.NotEmpty(fault.Reason);
        Assert.InRange(fault.Offset, 0, new FileInfo(Path.Combine(PublicCaptures.Folder, capture.File)).Length);
    });

    [Fact]
    public void Every_capture_is_the_one_that_the_notice_names()
    {
        Dictionary<string, string> expected = PublicCaptures.Table("origin.csv").ToDictionary(row => row["file"], row => row["sha256"]);
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), PublicCaptures.Files.ToDictionary(file => file, HashOf));
    }

    private static string HashOf(string file) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(PublicCaptures.Folder, file))));
}
