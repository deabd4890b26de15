using System.Net;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>One attempt to connect that a capture has under two addresses.</summary>
public sealed class RelatedAttemptTests
{
    private const uint Isn = 3_000_000_000;
    private static readonly IPAddress Client = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress Service = IPAddress.Parse("10.96.0.10");
    private static readonly IPAddress Pod = IPAddress.Parse("10.0.0.2");

    [Fact]
    public void A_client_resets_an_answer_from_an_address_that_it_did_not_call()
    {
        List<ConnectionClose> records = Run(Syn(Service), SynAck(), Reset(), Syn(Service) with { IpIdentification = 8 });
        Assert.Equal([1, 0], records.Select(r => r.RelatedStream));
        Assert.Equal(Cause.ConnectTimeout, records[0].Cause);
        Assert.Contains("from another, 10.0.0.2:8080 (stream 1, frame 2)", records[0].Explanation, StringComparison.Ordinal);
        Assert.Empty(records[0].Alternatives);
        Assert.Equal((Cause.Undetermined, Confidence.Low), (records[1].Cause, records[1].Confidence));
        Assert.Contains("went to another address, 10.96.0.10:80 (stream 0, frame 1)", records[1].Explanation, StringComparison.Ordinal);
        Assert.Equal([2, 3], records[1].Evidence.Select(e => e.Frame));
        Assert.All(records, r => Assert.Contains("translat", r.Advice, StringComparison.Ordinal));
    }

    /// <summary>The SYN was captured again after the translation, behind a router; the RST was bridged and did not pass it.</summary>
    [Fact]
    public void The_TTLs_of_routed_and_bridged_packets_are_no_sign_of_forgery()
    {
        List<ConnectionClose> records = Run(Syn(Service), Syn(Pod) with { DestinationPort = 8080, TimeToLive = 63 }, SynAck(), Reset());
        Assert.Equal([1, 0], records.Select(r => r.RelatedStream));
        Assert.Equal(Cause.Undetermined, records[1].Cause);
        Assert.DoesNotContain("TTL", records[1].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Translation_that_works_is_named_and_changes_no_cause()
    {
        TcpPacket translated = SynAck() with { Source = Service, SourcePort = 80 };
        List<ConnectionClose> records = Run(Syn(Service), Syn(Pod) with { DestinationPort = 8080 }, SynAck(), translated);
        Assert.Equal([1, 0], records.Select(r => r.RelatedStream));
        Assert.All(records, r => Assert.Equal(Cause.StillOpen, r.Cause));
    }

    [Fact]
    public void A_half_open_probe_through_translation_is_not_a_stray_answer()
    {
        TcpPacket translated = SynAck() with { Source = Service, SourcePort = 80 };
        TcpPacket reset = Reset() with { Destination = Service, DestinationPort = 80 };
        List<ConnectionClose> records = Run(Syn(Service), Syn(Pod) with { DestinationPort = 8080 }, SynAck(), translated, reset, Reset());
        Assert.All(records, r => Assert.NotEqual(Cause.Undetermined, r.Cause));
    }

    [Fact]
    public void The_client_port_may_be_translated_too() =>
        Assert.Equal([1, 0], Run(Syn(Service), Syn(Pod) with { Source = IPAddress.Parse("10.0.0.9"), SourcePort = 60001, DestinationPort = 8080 }).Select(r => r.RelatedStream));

    /// <summary>Scanners send the same sequence number from one port to many hosts, but each SYN has another IP ID.</summary>
    [Fact]
    public void The_SYNs_of_a_scanner_are_not_one_attempt()
    {
        List<ConnectionClose> records = Run(Syn(Service), Syn(Pod) with { IpIdentification = 9 }, Syn(IPAddress.Parse("10.0.0.3")) with { IpIdentification = 10 });
        Assert.All(records, r => Assert.Null(r.RelatedStream));
    }

    [Fact]
    public void A_reset_of_a_SYN_ACK_without_a_SYN_is_not_a_restart()
    {
        ConnectionClose r = Assert.Single(Run(SynAck(), Reset()));
        Assert.Null(r.RelatedStream);
        Assert.Equal((Cause.PeerStateLost, Confidence.Low), (r.Cause, r.Confidence));
        Assert.Contains("has no SYN", r.Explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("no longer had the connection", r.Explanation, StringComparison.Ordinal);
    }

    private static List<ConnectionClose> Run(params TcpPacket[] packets)
    {
        IEnumerable<RawFrame> frames = packets.Select((p, i) => new RawFrame(Wrap.Ethernet(p.ToIp())) { Time = 1_700_000_000_000_000_000 + (i * 100_000) });
        return [.. Analyze.Bytes(CaptureBytes.Pcap(frames, magic: 0xA1B23C4D)).OrderBy(r => r.Stream)];
    }

    private static TcpPacket Syn(IPAddress to) => new() { Source = Client, Destination = to, Sequence = Isn, Flags = TcpFlags.Syn, IpIdentification = 7 };

    private static TcpPacket SynAck() => new()
    {
        Source = Pod, SourcePort = 8080, Destination = Client, DestinationPort = 40000, Sequence = 5, Acknowledgment = Isn + 1, Flags = TcpFlags.Syn | TcpFlags.Ack, IpIdentification = 0,
    };

    private static TcpPacket Reset() => new() { Source = Client, Destination = Pod, DestinationPort = 8080, Sequence = Isn + 1, Flags = TcpFlags.Rst, Window = 0, IpIdentification = 0 };
}
