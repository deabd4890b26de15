using System.Globalization;
using System.Net;
using System.Text;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Judges;

namespace BrokenPipeTools.Tests.Output;

public sealed class AnonymousExportTests : IDisposable
{
    private static readonly string[] Fields =
        ["frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.window_size_value", "tcp.len", "tcp.options.mss_val", "tcp.options.timestamp.tsval"];

    private static readonly string[] Checksums = ["ip.checksum.status", "tcp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status"];

    private static readonly string[] Quoted = ["frame.time_epoch", "icmp.type", "icmpv6.type", "tcp.srcport", "tcp.seq_raw"];

    /// <summary>The first bytes of the senders' hardware addresses, which identify the manufacturer.</summary>
    private static readonly byte[] Vendor = [0x00, 0x50, 0x56, 0xAB, 0xCD];

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-anonymous-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>tshark reads the same segments from the anonymous extract as from the plain one, and every checksum that was right is still right.</summary>
    [TsharkFact]
    public void The_segments_are_the_same()
    {
        string whole = Path.Combine(_folder, "whole.pcap");
        File.WriteAllBytes(whole, new RandomCapture(seed: 3).Make(frames: 800));
        HashSet<string> fragmented = [.. Tshark.Run(["-n", "-r", whole, "-Y", "ip.fragment or ipv6.fragment", "-T", "fields", "-e", "tcp.stream"])];
        ConnectionClose[] records = [.. Analyze.File(whole).Where(record => !fragmented.Contains(record.Stream.ToString(CultureInfo.InvariantCulture)))];
        Assert.True(records.Length > 20);
        string plain = Export(records, "plain.pcapng", anonymize: false);
        string anonymous = Export(records, "anonymous.pcapng", anonymize: true);

        const string Tcp = "tcp and not icmp and not icmpv6";
        AssertSame(Read(plain, Tcp, Fields), Read(anonymous, Tcp, Fields));
        AssertSame(Read(plain, "icmp or icmpv6", Quoted), Read(anonymous, "icmp or icmpv6", Quoted));
        string isBad = string.Join(" or ", Checksums.Select(field => $"{field} == 0"));
        Assert.Empty(Read(anonymous, isBad, ["frame.number"]).Except(Read(plain, isBad, ["frame.number"])));
        Assert.NotEmpty(Read(anonymous, "tcp.checksum.status == 1", ["frame.number"]));
        Assert.Empty(Read(anonymous, "tcp.payload", ["frame.number"]));
        Assert.All(Read(anonymous, Tcp, ["eth.src", "eth.dst"]), line => Assert.Matches(@"^(0[02]:00:00:00:00:\w\w\t?){2}$", line));
    }

    [Theory]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST", false)]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:ACK\nS:FIN\nC:ACK\n+1 C:DATA(5)\nS:RST", true)]
    [InlineData("C:SYN\nC:ICMP type=3 code=1", false)]
    [InlineData("C:SYN\nC:ICMP", true)]
    [InlineData("C:SYN\nS:SYN-ACK\nC:ACK\n+1 C:DATA(1400)\nC:ICMP mtu=1300\n+1 C:DATA(1400) seq=1\n+2 C:DATA(1400) seq=1\n+4 C:DATA(1400) seq=1", false)]
    public void The_record_of_an_anonymous_extract_is_the_same(string script, bool ipv6)
    {
        string path = Write(script, ipv6);
        ConnectionClose record = Assert.Single(Analyze.File(path));
        ConnectionClose again = Assert.Single(Analyze.File(Export([record], "anonymous.pcapng", anonymize: true)));
        Assert.Equal(
            (record.Cause, record.State, record.ClosedBy, record.Sequence, record.Connect, record.ClientWrite, record.ServerRead, record.Packets, record.ClientBytes, record.StartTime),
            (again.Cause, again.State, again.ClosedBy, again.Sequence, again.Connect, again.ClientWrite, again.ServerRead, again.Packets, again.ClientBytes, again.StartTime));
        Assert.Equal(record.CaptureQuality & CaptureQuality.BadChecksums, again.CaptureQuality & CaptureQuality.BadChecksums);
        Assert.NotEqual(record.ClientAddress, again.ClientAddress);
        Assert.Equal((record.ClientPort, record.ServerPort), (again.ClientPort, again.ServerPort));
    }

    [Theory]
    [InlineData("out.pcapng")]
    [InlineData("out.md")]
    [InlineData("out.html")]
    public void No_address_name_payload_or_text_of_the_capture_is_in_the_file(string name)
    {
        byte[] get = Encoding.ASCII.GetBytes("GET /payroll HTTP/1.1\r\nHost: payroll.corp.internal\r\n\r\n");
        string reset = Convert.ToHexString(Encoding.ASCII.GetBytes("blocked by fw7.corp.internal"));
        string path = Path.Combine(_folder, "web01.pcap");
        File.Move(Write($"C:SYN options=02040578FE06C00002070101\nS:SYN-ACK\nC:ACK\nC:DATA hex={Convert.ToHexString(get)}\nS:ACK\nS:RST-ACK hex={reset}\nC:SYN conn=1\nC:ICMP conn=1", ipv6: false), path);
        ConnectionClose[] records = [.. Analyze.File(path)];
        Assert.Equal(("payroll.corp.internal", "RST text: blocked by fw7.corp.internal"), (records[0].ServerName, records[0].ServerCloseReason));
        Assert.Contains("192.0.2.2", records[1].Explanation, StringComparison.Ordinal); // the router's

        byte[] bytes = File.ReadAllBytes(Export(records, name, anonymize: true));
        byte[][] secrets =
        [
            .. new[] { "10.0.0.1", "10.0.0.2", "192.0.2.1", "192.0.2.2" }.SelectMany(address => (byte[][])[Encoding.ASCII.GetBytes(address), IPAddress.Parse(address).GetAddressBytes()]),
            [0xC0, 0x00, 0x02, 0x07], // in a TCP option
            Vendor,
            .. new[] { "payroll", "corp", "fw7", "blocked", "web01", _folder }.Select(Encoding.ASCII.GetBytes),
        ];
        Assert.All(secrets, secret => Assert.Equal(-1, bytes.AsSpan().IndexOf(secret)));
        Assert.Equal(name == "out.html", bytes.AsSpan().IndexOf("host-1.example"u8) >= 0); // the others have no name of a server
        Assert.True(bytes.AsSpan().IndexOf("(left out)"u8) >= 0);
        Assert.True(bytes.AsSpan().IndexOf("198.18.0."u8) >= 0);
    }

    /// <summary>A ticket and the capture for it contain the same hosts.</summary>
    [Fact]
    public void Each_format_has_the_same_addresses()
    {
        ConnectionClose[] records = [.. Analyze.File(Path.Combine(RepositoryFiles.Captures, "refused-connect.pcap"))];
        ConnectionClose[] again = [.. Analyze.File(Export(records, "out.pcapng", anonymize: true))];
        string ticket = File.ReadAllText(Export(records, "out.md", anonymize: true));
        string page = File.ReadAllText(Export(records, "out.html", anonymize: true));
        Assert.Equal(records.Length, again.Length);
        Assert.All(again, record =>
        {
            string client = record.ClientEndpoint.ToString();
            Assert.Contains($"client {MarkdownText.Of(client)}", ticket, StringComparison.Ordinal);
            Assert.Contains($"\"{client}\"", page, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Names_of_a_text_trace_are_replaced()
    {
        string path = Path.Combine(_folder, "trace.txt");
        File.WriteAllText(path, """
            10:00:00.000000 IP app7.corp.internal.40000 > db3.corp.internal.5432: Flags [S], seq 100, win 64240, length 0
            10:00:00.000100 IP db3.corp.internal.5432 > app7.corp.internal.40000: Flags [R.], seq 0, ack 101, win 0, length 0

            """);
        ConnectionClose record = Assert.Single(Analyze.File(path));
        Assert.Equal("app7.corp.internal", record.ClientAddress);
        foreach (string name in (string[])["out.md", "out.html", "out.pcapng"])
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(Export([record], name, anonymize: true)));
            Assert.DoesNotContain("corp", text, StringComparison.Ordinal);
            Assert.DoesNotContain("trace.txt", text, StringComparison.Ordinal);
        }
    }

    private static void AssertSame(string[] plain, string[] anonymous)
    {
        Assert.NotEmpty(plain);
        Assert.True(plain.SequenceEqual(anonymous), $"{plain.Length} and {anonymous.Length} lines\n{string.Join('\n', plain.Zip(anonymous).Where(pair => pair.First != pair.Second).Take(3))}");
    }

    private static string[] Read(string path, string filter, string[] fields) =>
        Tshark.Run(["-n", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-r", path, "-Y", filter, "-T", "fields", "-E", "occurrence=l", .. fields.SelectMany(field => (string[])["-e", field])]);

    private string Export(IEnumerable<ConnectionClose> records, string name, bool anonymize)
    {
        string path = Path.Combine(_folder, name);
        using RecordExport export = new(path, overwrite: true, anonymize);
        Assert.All(records, record => Assert.True(export.TryAdd(record)));
        Assert.Empty(export.Complete(CaptureFile.Open));
        return path;
    }

    private string Write(string script, bool ipv6)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid()}.pcap");
        List<RawFrame> frames = PacketScript.Build(script, ipv6);
        frames.ForEach(frame => Vendor.CopyTo(frame.Data, 6));
        File.WriteAllBytes(path, CaptureBytes.Pcap(frames));
        return path;
    }
}
