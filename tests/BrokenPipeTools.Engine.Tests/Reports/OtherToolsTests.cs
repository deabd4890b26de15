using BrokenPipeTools.Analysis;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Reports;

/// <summary>The identifiers of a connection in other tools: the ID that Zeek, Suricata and Wireshark compute, and Wireshark's display filter.</summary>
public sealed class OtherToolsTests
{
    private const string Close = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:RST";

    private static readonly string Captures = RepositoryFiles.Captures;

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Captures, "*.pcap*").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>Published test vectors: the specification's baseline, and Zeek's test of community_id_v1.</summary>
    [Theory]
    [InlineData("128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=")]
    [InlineData("66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=")]
    [InlineData("1.2.3.4", 1122, "5.6.7.8", 3344, "1:wCb3OG7yAFWelaUydu0D+125CLM=")]
    [InlineData("2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a", 25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=")]
    public void The_ID_is_that_of_the_specification(string from, int fromPort, string to, int toPort, string id)
    {
        Segment segment = new() { Source = Bits(from, out bool isIPv6), Destination = Bits(to, out _), SourcePort = (ushort)fromPort, DestinationPort = (ushort)toPort, IsIPv6 = isIPv6 };
        Assert.Equal(id, CommunityId.Of(FlowKey.Of(segment, out _)));
    }

    [Fact]
    public void The_hash_equals_that_of_the_library()
    {
        byte[] message = new byte[ShortSha1.MaxLength];
        new Random(14).NextBytes(message);
        for (int length = 0; length <= ShortSha1.MaxLength; length++)
        {
            int[] lengths = [length, 0, ShortSha1.MaxLength - length, length / 2];
            byte[] blocks = new byte[ShortSha1.Together * ShortSha1.BlockLength];
            for (int i = 0; i < lengths.Length; i++)
                message.AsSpan(0, lengths[i]).CopyTo(blocks.AsSpan(i * ShortSha1.BlockLength));
            byte[] hashes = new byte[ShortSha1.Together * ShortSha1.HashLength];
            ShortSha1.Hash(blocks, lengths, hashes);
#pragma warning disable CA5350 // Community ID prescribes SHA-1
            Assert.Equal(lengths.SelectMany(one => System.Security.Cryptography.SHA1.HashData(message.AsSpan(0, one))), hashes);
#pragma warning restore CA5350
        }
    }

    [TsharkTheory]
    [MemberData(nameof(Names))]
    public void Tshark_computes_the_same_ID(string capture)
    {
        string path = Path.Combine(Captures, capture);
        HashSet<string> expected = [.. Tshark.Run(["-n", "-r", path, "--enable-protocol", "communityid", "-Y", "tcp && !icmp && !icmpv6", "-T", "fields", "-e", "tcp.stream", "-e", "communityid"])];
        Assert.Equal(expected, Records(path).Select(r => $"{r.Stream}\t{r.CommunityId}").ToHashSet());
    }

    [TsharkTheory]
    [MemberData(nameof(Names))]
    public void The_filter_shows_the_connection_and_no_other(string capture)
    {
        string path = Path.Combine(Captures, capture);
        foreach (ConnectionClose record in Records(path))
        {
            long[] shown = FramesShown(path, record.WiresharkFilter);
            Assert.Equal((record.FirstFrame, record.LastFrame, record.Packets), (shown[0], shown[^1], shown.LongLength));
        }
    }

    [TsharkTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_filter_by_endpoints_shows_a_connection_that_another_file_numbers_otherwise(bool ipv6)
    {
        List<RawFrame> frames = PacketScript.Build($"{Close}\nC:SYN conn=1\nS:RST-ACK conn=1", ipv6);
        string[] files = [.. Enumerable.Range(0, 2).Select(_ => Path.GetTempFileName())];
        try
        {
            File.WriteAllBytes(files[0], CaptureBytes.Pcap(frames.GetRange(0, 5)));
            File.WriteAllBytes(files[1], CaptureBytes.Pcap(frames.GetRange(5, 2)));
            using CloseAnalyzer analyzer = new(new BrokenPipeTools.Capture.Files.CaptureSeries(files));
            List<ConnectionClose> records = Analyze.Records(analyzer);
            Assert.Equal(5, FramesShown(files[0], records[0].WiresharkFilter).Length);
            Assert.Empty(FramesShown(files[0], records[1].WiresharkFilter));
            Assert.Equal(2, FramesShown(files[1], records[1].WiresharkFilter).Length);
        }
        finally
        {
            Array.ForEach(files, File.Delete);
        }
    }

    [Fact]
    public void After_an_eviction_the_filter_of_new_connections_has_their_endpoints()
    {
        string script = string.Join('\n', Enumerable.Range(0, 4).Select(i => $"C:SYN conn={i}\nS:SYN-ACK conn={i}\nC:ACK conn={i}"));
        List<ConnectionClose> records = PacketScript.Run(script, options: new AnalyzerOptions { MaxConnections = 3 });
        Assert.Equal(
            ["tcp.stream eq 0", "tcp.stream eq 1", "tcp.stream eq 2", "(ip.addr eq 10.0.0.1 and ip.addr eq 10.0.0.2) and (tcp.port eq 40003 and tcp.port eq 80)"],
            records.OrderBy(r => r.Stream).Select(r => r.WiresharkFilter));
    }

    [Theory]
    [InlineData("10.0.0.1.51234", "10.0.0.2.5432", "(ip.addr eq 10.0.0.1 and ip.addr eq 10.0.0.2) and (tcp.port eq 51234 and tcp.port eq 5432)", "10.0.0.1 > 10.0.0.2:5432")]
    [InlineData("web1.51234", "db1.5432", "(tcp.port eq 51234 and tcp.port eq 5432)", "web1 > db1:5432")]
    [InlineData("web1.51234", "10.0.0.2.5432", "(tcp.port eq 51234 and tcp.port eq 5432)", "web1 > 10.0.0.2:5432")]
    public void In_a_text_trace_the_filter_has_the_endpoints_and_names_are_left_out(string client, string server, string filter, string pair)
    {
        string text = $"""
            12:00:00.000001 IP {client} > {server}: Flags [S], seq 1, win 64240, length 0
            12:00:00.000101 IP {server} > {client}: Flags [R.], seq 0, ack 2, win 0, length 0

            """;
        ConnectionClose record = Assert.Single(Analyze.Bytes(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Equal(filter, record.WiresharkFilter);
        Assert.Equal(client.StartsWith("web1", StringComparison.Ordinal) ? 0 : CommunityId.Length, record.CommunityId.Length);
        BrokenPipeTools.Summaries.CloseTally tally = new();
        tally.Add(record);
        SummaryLine line = tally.Summarize(10).Single(l => l.Group == SummaryGroup.Pair);
        Assert.Equal((pair, filter), (line.Name, line.Examples[0].WiresharkFilter));
    }

    private static long[] FramesShown(string path, string filter) =>
        [.. Tshark.Run(["-n", "-r", path, "-Y", filter, "-T", "fields", "-e", "frame.number"]).Select(line => long.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];

    private static List<ConnectionClose> Records(string path) => Analyze.File(path);

    private static IpBits Bits(string address, out bool isIPv6)
    {
        byte[] bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
        isIPv6 = bytes.Length == 16;
        return isIPv6 ? IpBits.ReadIPv6(bytes) : IpBits.ReadIPv4(bytes);
    }
}
