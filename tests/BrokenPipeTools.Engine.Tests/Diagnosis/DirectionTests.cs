using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The directions of the packets show which host captured, and whether a RST left it or came in.</summary>
public sealed class DirectionTests
{
    private const string Answered = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const int EthernetHeader = 14;

    /// <summary>The direction in each format; 1 is in, 2 out, 3 for another host, 0 for none.</summary>
    private static readonly Dictionary<string, Func<IEnumerable<(RawFrame Frame, int Direction)>, byte[]>> Formats = new()
    {
        ["SLL"] = frames => Pcap(LinkType.LinuxSll, frames, (f, d) => Wrap.Cooked(PacketType(d), f.Data[EthernetHeader..])),
        ["SLL2"] = frames => Pcap(LinkType.LinuxSll2, frames, (f, d) => Wrap.Cooked2(PacketType(d), f.Data[EthernetHeader..])),
        ["epb_flags"] = frames => CaptureBytes.Pcapng(frames.Select(f => f.Item1 with { Options = Flags(f.Item2, bigEndian: false) })),
        ["epb_flags, big-endian"] = frames => CaptureBytes.Pcapng(frames.Select(f => f.Item1 with { Options = Flags(f.Item2, bigEndian: true) }), bigEndian: true),
        ["PKTAP"] = frames => Pcap(LinkType.Pktap, frames, (f, d) => Wrap.Pktap((byte)(d == 3 ? 0 : d), f.Data)),
    };

    public static TheoryData<string> Names() => [.. Formats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_host_that_captured_is_the_local_one(string format)
    {
        const string Script = Answered + "C:DATA(9)\nS:RST";
        Assert.Equal(From(Script, "10.0.0.1"), One(format, Script, client: 2, server: 1).Explanation);
        ConnectionClose own = One(format, Script, client: 1, server: 2);
        Assert.Contains("Your own kernel", own.Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.PeerStateLost, own.Cause); // it went out from the capturing host: no device on the path sent it
    }

    /// <summary>
    /// A router's packets have passed a hop; on loopback all packets are received; packets that a host forwards go in and out; a bridge's packets are
    /// for other hosts.
    /// </summary>
    [Theory]
    [InlineData(2, 1, 63)]
    [InlineData(1, 1, 64)]
    [InlineData(2, 2, 64)]
    [InlineData(0, 0, 64)]
    [InlineData(2, 3, 64)]
    public void If_the_directions_do_not_show_it_no_host_is_local(int client, int server, byte timeToLive)
    {
        string script = (Answered + "C:DATA(9)\nS:RST").Replace("\n", $" ttl={timeToLive}\n", StringComparison.Ordinal) + $" ttl={timeToLive}";
        ConnectionClose r = One("SLL", script, client, server);
        Assert.DoesNotContain("our own", r.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("our program", r.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_local_addresses_decide()
    {
        AnalyzerOptions options = new() { LocalAddresses = [System.Net.IPAddress.Parse("10.0.0.1")] };
        Assert.StartsWith("The server", Assert.Single(Analyze.Bytes(Capture("SLL", Answered + "C:DATA(9)\nS:RST", 1, 2), options)).Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_RST_with_the_local_address_that_came_in_was_not_sent_by_the_local_host(string format)
    {
        const string Script = Answered + "C:RST-ACK";
        Assert.NotEqual(Cause.MiddleboxReset, One(format, Script, client: 2, server: 1).Cause);
        ConnectionClose r = One(format, Script, client: 2, server: 1, last: 1);
        Assert.Equal(Cause.MiddleboxReset, r.Cause);
        Assert.Contains("it came in from the network", r.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_RST_with_the_remote_address_that_went_out_was_not_sent_by_the_remote_host() =>
        Assert.Contains("it went out from the capturing host", One("SLL", Answered + "S:RST-ACK", client: 2, server: 1, last: 2).Explanation, StringComparison.Ordinal);

    /// <summary>Statistics and packets count the same losses, so they are not added.</summary>
    [Fact]
    public void Losses_that_packets_name_are_counted_once()
    {
        byte[] drops = new ByteList(false).U16(4).U16(8).U64(3).U32(0).ToArray();
        RawFrame[] frames = [.. PacketScript.Build("C:SYN\nS:RST-ACK").Select(f => f with { Options = drops })];
        byte[] statistics = CaptureBytes.Block(5, new ByteList(false).U32(0).U32(0).U32(0).U16(5).U16(8).U64(5).U32(0));
        (List<ConnectionClose> records, CloseAnalyzer analyzer) = Analyze.All([.. CaptureBytes.Pcapng(frames), .. statistics]);
        Assert.Equal(6, analyzer.DroppedFrames);
        Assert.True(Assert.Single(records).CaptureQuality.HasFlag(CaptureQuality.Drops));
    }

    /// <summary>Options that are damaged are no reason to stop.</summary>
    [Theory]
    [InlineData(new byte[] { 2, 0, 8, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 0xFF, 0xFF, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 1, 0, 1, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 0, 4, 0, 1, 0, 0, 0 })]
    public void Damaged_options_have_no_direction(byte[] options)
    {
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(CaptureBytes.Pcapng([new RawFrame(new byte[60]) { Options = options }])), "test");
        Assert.True(source.TryRead(out Frame frame));
        Assert.Equal(PacketDirection.Unknown, frame.Direction);
        Assert.False(source.TryRead(out _));
    }

    private static string From(string script, string local) =>
        PacketScript.One(script, options: new AnalyzerOptions { LocalAddresses = [System.Net.IPAddress.Parse(local)] }).Explanation;

    private static ConnectionClose One(string format, string script, int client, int server, int last = -1) => Assert.Single(Analyze.Bytes(Capture(format, script, client, server, last)));

    private static byte[] Capture(string format, string script, int client, int server, int last = -1)
    {
        List<RawFrame> frames = PacketScript.Build(script);
        return Formats[format](frames.Select((f, i) => (f, last >= 0 && i == frames.Count - 1 ? last : f.Data[EthernetHeader + 15] == 1 ? client : server)));
    }

    private static byte[] Pcap(int linkType, IEnumerable<(RawFrame Frame, int Direction)> frames, Func<RawFrame, int, byte[]> put) =>
        CaptureBytes.Pcap(frames.Select(f => f.Frame with { Data = put(f.Frame, f.Direction) }), linkType, magic: 0xA1B23C4D);

    private static byte PacketType(int direction) => direction switch { 1 => 0, 2 => 4, 3 => 3, _ => 9 };

    private static byte[] Flags(int direction, bool bigEndian) =>
        new ByteList(bigEndian).U16(1).U16(3).Raw([1, 2, 3, 0]).U16(2).U16(4).U32((uint)(direction == 3 ? 0x11 : direction)).U32(0).ToArray();
}
