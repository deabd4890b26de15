using System.Net;
using System.Text;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Analysis;

/// <summary>The records with a filter are the selected ones of a run without it.</summary>
public sealed class RecordFilterTests
{
    /// <summary>Idle closes of one server, so that later ones are compared with earlier ones, and other kinds of closes between them.</summary>
    private static readonly byte[] Capture = CaptureBytes.Pcap(PacketScript.Build(string.Join('\n', Enumerable.Range(0, 12).Select(i => (i % 3) switch
    {
        0 => $"+5 C:SYN conn={i}\nS:SYN-ACK conn={i}\nC:ACK conn={i}\nC:DATA(5) conn={i}\nS:DATA(5) conn={i}\nC:ACK conn={i}\n+60 S:FIN conn={i}\nC:FIN conn={i}\nS:ACK conn={i}",
        1 => $"C:SYN conn={i} to=443\nS:RST-ACK conn={i} to=443",
        _ => $"C:SYN conn={i}\nS:SYN-ACK conn={i}\nC:ACK conn={i}\nC:DATA(9) conn={i}\nS:RST conn={i}",
    }))), magic: 0xA1B23C4D);

    private static readonly List<ConnectionClose> All = Analyze.Bytes(Capture);

    public static TheoryData<string> Filters => [.. Cases.Keys];

    private static Dictionary<string, (RecordFilter Filter, Func<ConnectionClose, bool> Wants)> Cases { get; } = new()
    {
        ["none"] = (new RecordFilter(), _ => true),
        ["port of the server"] = (new RecordFilter { Ports = [443] }, r => r.ServerPort == 443),
        ["ports of either side"] = (new RecordFilter { Ports = [443, 40003] }, r => r.ServerPort == 443 || r.ClientPort == 40003),
        ["no such port"] = (new RecordFilter { Ports = [1] }, _ => false),
        ["address of the client"] = (new RecordFilter { Addresses = [IPAddress.Parse("10.0.0.1")] }, _ => true),
        ["no such address"] = (new RecordFilter { Addresses = [IPAddress.Parse("10.0.0.3")] }, _ => false),
        ["state"] = (new RecordFilter { States = [CloseState.Reset, CloseState.Open] }, r => r.State == CloseState.Reset),
        ["cause"] = (new RecordFilter { Causes = [Cause.IdleTimeout] }, r => r.Cause == Cause.IdleTimeout),
        ["after"] = (new RecordFilter { After = All[5].StartTime }, r => r.EndTime >= All[5].StartTime),
        ["before"] = (new RecordFilter { Before = All[5].EndTime }, r => r.StartTime <= All[5].EndTime),
        ["between"] = (new RecordFilter { After = All[3].EndTime, Before = All[3].EndTime }, r => r.StartTime <= All[3].EndTime && r.EndTime >= All[3].EndTime),
        ["state and port"] = (new RecordFilter { States = [CloseState.Reset], Ports = [40002] }, r => r.State == CloseState.Reset && r.ClientPort == 40002),
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_does_not_change_the_selected_records(string name)
    {
        (RecordFilter filter, Func<ConnectionClose, bool> wants) = Cases[name];
        Assert.Equal(Json(All.Where(wants)), Json(Analyze.Bytes(Capture, new AnalyzerOptions { Filter = filter })));
    }

    [Fact]
    public void The_records_depend_on_earlier_connections() => // without this, the theory above would not test the comparison
        Assert.True(All.Where(r => r.Cause == Cause.IdleTimeout).Select(r => r.Explanation).Distinct().Count() > 1);

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3/24", "10.1.2.255", true)]
    [InlineData("10.1.2.3/24", "10.1.3.0", false)]
    [InlineData("10.1.2.3/31", "10.1.2.2", true)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "2001:db8::1", false)]
    [InlineData("::/0", "2001:db8::1", true)]
    [InlineData("::/0", "203.0.113.9", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:db8::1:0/112", "2001:db8::1:ffff", true)]
    [InlineData("2001:db8::1:0/112", "2001:db8::2:0", false)]
    [InlineData("fe80::1%3", "fe80::1", true)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.0/120", "10.1.2.9", true)]
    [InlineData("::ffff:10.1.2.0/120", "10.1.3.9", false)]
    public void A_prefix_has_the_addresses_that_share_its_bits(string prefix, string address, bool expected)
    {
        IPAddress parsed = IPAddress.Parse(address);
        AddressPrefix one = parsed;
        byte[] bytes = parsed.GetAddressBytes();
        bool contains = AddressPrefix.Parse(prefix).Contains(one.IsIPv6 ? BrokenPipeTools.Wire.IpBits.ReadIPv6(bytes) : BrokenPipeTools.Wire.IpBits.ReadIPv4(bytes), one.IsIPv6);
        Assert.Equal(expected, contains);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("10.0.0.1/33")]
    [InlineData("10.0.0.1/-1")]
    [InlineData("10.0.0.1/ 8")]
    [InlineData("10.0.0.1/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("::ffff:10.0.0.1/90")]
    [InlineData("localhost")]
    public void A_text_that_is_not_a_prefix_is_refused(string text)
    {
        Assert.False(AddressPrefix.TryParse(text, out _));
        Assert.Throws<FormatException>(() => AddressPrefix.Parse(text));
    }

    [Theory]
    [InlineData("id=42", "id=42", true)]
    [InlineData("GET / id=42;", "id=42", true)]
    [InlineData("GET / ID=42;", "id=42", false)]
    [InlineData("grün", "rün", true)]
    [InlineData("id=4|2", "id=42", false)] // in two segments
    [InlineData("aaaa|id=42", "id=42", true)]
    public void A_text_is_searched_in_the_payload_of_each_segment(string payloads, string text, bool found)
    {
        string data = string.Join('\n', payloads.Split('|').Select(part => $"C:DATA(1) hex={Convert.ToHexString(Encoding.UTF8.GetBytes(part))}"));
        string script = $"C:SYN\nS:SYN-ACK\nC:ACK\n{data}\nS:ACK\nC:SYN conn=1\nS:RST-ACK conn=1";
        foreach (bool includePacket in new[] { false, true })
        {
            AnalyzerOptions options = new() { Filter = new RecordFilter { Contains = text }, IncludePacket = includePacket };
            Assert.Equal(found ? [0] : [], PacketScript.Run(script, options: options).Select(r => r.Stream));
            Assert.Equal(found ? [0] : [], PacketScript.Run(script, ipv6: true, options).Select(r => r.Stream));
        }
    }

    [Fact]
    public void A_text_beyond_the_end_of_the_segment_or_of_the_captured_bytes_is_not_found()
    {
        byte[] frame = PacketScript.Build("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(1) hex=" + Convert.ToHexString("abcdefgh"u8))[^1].Data;
        List<ConnectionClose> Find(byte[] data, string text) =>
            Analyze.Bytes(CaptureBytes.Pcap([new RawFrame(data) { OriginalLength = Math.Max(data.Length, frame.Length) }]), new AnalyzerOptions { Filter = new RecordFilter { Contains = text } });
        Assert.Single(Find(frame, "fgh"));
        Assert.Single(Find(frame[..^3], "de"));
        Assert.Empty(Find(frame[..^3], "fgh"));
        Assert.Empty(Find([.. frame, .. "padding"u8], "padding"));
    }

    [Fact]
    public void A_connection_in_reused_memory_does_not_keep_the_text_mark()
    {
        string script = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(2) hex=4142\nS:RST\n+1 C:SYN seq=9000\nS:SYN-ACK\nC:ACK";
        Assert.Equal([0], PacketScript.Run(script, options: new AnalyzerOptions { Filter = new RecordFilter { Contains = "AB" } }).Select(r => r.Stream));
    }

    private static string Json(IEnumerable<ConnectionClose> records)
    {
        using MemoryStream output = new();
        JsonRecordWriter writer = new(output);
        foreach (ConnectionClose record in records)
            writer.Write([record]);
        writer.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
