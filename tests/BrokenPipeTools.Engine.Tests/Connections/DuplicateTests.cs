using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Captures;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Connections;

/// <summary>A packet that was captured twice is not a retransmission, and changes no conclusion.</summary>
public sealed class DuplicateTests
{
    private const string Handshake = "C:SYN id=1\nS:SYN-ACK id=0\nC:ACK id=2\n";

    [Fact]
    public void No_conclusion_changes_if_the_public_captures_are_captured_twice()
    {
        int doubled = 0;
        List<string> differences = [];
        foreach (string file in PublicCaptures.Files)
        {
            byte[] capture = File.ReadAllBytes(Path.Combine(PublicCaptures.Folder, file));
            doubled += DoubledCapture.Of(capture).Any() ? 1 : 0;
            differences.AddRange(DoubledCapture.Differences(capture).Select(d => $"{file} {d}"));
        }

        Assert.True(doubled > 300, $"{doubled} captures were doubled");
        Assert.Empty(differences);
    }

    [Fact]
    public void Copies_count_as_packets_but_not_as_retransmissions()
    {
        List<RawFrame> frames = PacketScript.Build(Handshake + "C:DATA(5) id=3\nS:DATA(7) id=1\nC:ACK id=4\nC:FIN id=5\nS:FIN id=2\nC:ACK id=6");
        byte[] capture = CaptureBytes.Pcap(DoubledCapture.Ways["behind a router"](frames), magic: 0xA1B23C4D);
        ConnectionClose r = Assert.Single(Analyze.Bytes(capture));
        Assert.Equal((18L, 10L + 2, 6L, 10L, 14L), (r.Packets, r.ClientPackets, r.ServerPackets, r.ClientBytes, r.ServerBytes));
        Assert.Equal((0, 0, 9L), (r.ClientRetransmissions, r.ServerRetransmissions, r.Duplicates));
        Assert.Equal((CaptureQuality.Duplicates, 18L), (r.CaptureQuality, r.LastFrame));
        Assert.Equal("C:FIN S:FIN C:ACK", r.Sequence);
        Assert.Equal((13L, 15L), (r.ClientFinFrame, r.ServerFinFrame));
        Assert.Equal((Cause.NormalClose, Confidence.High), (r.Cause, r.Confidence));
    }

    [Theory]
    [InlineData("C:DATA(5) id=3\n+0.00001 C:DATA(5) seq=1 id=4", 1, 0)] // another IP ID: sent again
    [InlineData("C:DATA(5) id=3\n+0.2 C:DATA(5) seq=1 id=3", 1, 0)] // one IP ID for all packets: a time-out apart
    [InlineData("C:DATA(5) id=0\n+0.0015 C:DATA(5) seq=1 id=0", 1, 0)]
    [InlineData("C:DATA(5) id=3\n+0.00001 C:DATA(5) seq=1 id=3", 0, 1)]
    [InlineData("C:DATA(5) id=3\n+0.015 C:DATA(5) seq=1 id=3 ttl=63", 0, 1)]
    [InlineData("C:DATA(5) id=0\n+0.0005 C:DATA(5) seq=1 id=0", 0, 1)]
    [InlineData("C:DATA(5) id=3\n+0.00001 C:DATA(5) seq=1 id=3 ttl=65", 1, 0)] // no router raises the TTL
    [InlineData("C:DATA(5) id=3\n+0.00001 C:DATA(5) seq=1 id=3 win=501", 1, 0)]
    public void A_retransmission_is_another_packet(string again, int retransmissions, long duplicates)
    {
        ConnectionClose r = PacketScript.One(Handshake + again);
        Assert.Equal((retransmissions, duplicates), (r.ClientRetransmissions, r.Duplicates));
    }

    /// <summary>An acknowledgment and the payload after it have the same numbers. With one packet more they would displace each other in a set of two.</summary>
    [Fact]
    public void Packets_that_are_between_two_capture_points_do_not_displace_each_other()
    {
        DuplicateFilter filter = new();
        for (uint i = 1; i <= 20_000; i++)
        {
            SequenceNumber server = new(i * 2_654_435_761);
            SequenceNumber client = new(i * 2_246_822_519);
            (int Sender, Segment Segment)[] packets =
            [
                (1, new Segment { Sequence = server, Acknowledgment = client, Window = 63 }),
                (1, new Segment { Sequence = server, Acknowledgment = client, Window = 63, PayloadLength = 5 }),
                (0, new Segment { Sequence = client, Acknowledgment = server.Add(5), Window = 64 }),
            ];
            foreach (byte timeToLive in (byte[])[64, 63])
            {
                foreach ((int sender, Segment segment) in packets)
                {
                    Segment seen = segment with { Time = i * Nanoseconds.PerSecond + (64 - timeToLive) * (60 * Nanoseconds.PerMicrosecond), Flags = TcpFlags.Ack, TimeToLive = timeToLive };
                    Assert.Equal(timeToLive == 64 ? Recurrence.None : Recurrence.Certain, filter.Observe(seen, flow: 1, sender, out _));
                }
            }
        }
    }

    /// <summary>Linux answers each segment of a burst to a closed socket with one and the same RST, without an IP ID.</summary>
    [Fact]
    public void A_burst_of_equal_resets_is_not_one_reset()
    {
        ConnectionClose r = PacketScript.One(Handshake + "C:DATA(5) id=3\nS:RST seq=1\n+0.00001 S:RST seq=1\n+0.00001 S:RST seq=1");
        Assert.Equal(("S:RST×3", 0L), (r.Sequence[^7..], r.Duplicates));
    }

    /// <summary>The packet itself went through a router between two capture points: its two TTLs are no sign of forgery for the RST that was captured at one of them.</summary>
    [Fact]
    public void Two_TTLs_of_one_packet_accuse_no_device()
    {
        const string Twice = "S:DATA(7) id=9 ttl=64\n+0.00001 S:DATA(7) seq=1 id=9 ttl=63\nC:DATA(5) id=3\n";
        ConnectionClose r = PacketScript.One(Handshake + Twice + "S:RST-ACK id=10 ttl=63");
        Assert.NotEqual(Cause.MiddleboxReset, r.Cause);
        Assert.DoesNotContain("TTL", r.Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.MiddleboxReset, PacketScript.One(Handshake + "S:DATA(7) id=9\nC:DATA(5) id=3\nS:RST-ACK id=10 ttl=60").Cause);
    }

    [Fact]
    public void A_repeated_SYN_ACK_that_was_captured_twice_is_not_a_full_queue()
    {
        ConnectionClose r = PacketScript.One("C:SYN id=1\nS:SYN-ACK id=0\n+0.00001 S:SYN-ACK seq=0 id=0 ttl=63\nC:ACK id=2\n+0.00001 C:ACK id=2 ttl=63");
        Assert.Equal(Cause.StillOpen, r.Cause);
        Assert.Equal(2, r.Duplicates);
    }

    [Fact]
    public void An_ICMP_error_that_was_captured_twice_counts_once()
    {
        ConnectionClose r = PacketScript.One("C:SYN id=1\nC:ICMP\n+0.00001 C:ICMP");
        Assert.Single(r.Events, e => e.Kind == BrokenPipeTools.Connections.ObservationKind.IcmpError);
    }

    /// <summary>A router captures a RST in front of it and behind it. It is the host's own, even if only the packets behind the router have its address.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("\n+0.00001 S:RST seq=8 ttl=63", true)]
    public void A_RST_that_the_capturing_router_forwarded_was_sent_by_a_host(string again, bool isForwarded)
    {
        ConnectionClose record = PacketScript.One($"{Behind}+2 C:DATA(5)\nS:RST seq=8 ttl=64{again}");

        Assert.Equal(isForwarded ? Cause.PeerStateLost : Cause.MiddleboxReset, record.Cause);
        Assert.Equal(!isForwarded, record.Explanation.Contains("its TTL is 64", StringComparison.Ordinal));
    }

    /// <summary>A RST of the device, and a forwarded one of the host: the first one is still forged.</summary>
    [Fact]
    public void Another_forwarded_RST_does_not_make_the_first_one_genuine() => Assert.Equal(
        Cause.MiddleboxReset,
        PacketScript.One($"{Behind}+2 C:DATA(5)\nS:RST seq=8 ttl=64\n+1 S:DATA(9) seq=8 ttl=63\nC:RST seq=11 ttl=64\n+0.00001 C:RST seq=11 ttl=63").Cause);

    /// <summary>If all packets were captured in front of the router and behind it, the TTLs in front of it are compared.</summary>
    [Fact]
    public void A_forged_RST_that_was_captured_twice_as_all_other_packets_were_is_still_forged() => Assert.Equal(
        (Cause.MiddleboxReset, CaptureQuality.Duplicates),
        PacketScript.One(Twice("C:SYN seq=0", 64, 1) + Twice("S:SYN-ACK seq=0", 63, 2) + Twice("C:ACK", 64, 3) + Twice("C:DATA(5) seq=1", 64, 4) + Twice("S:DATA(7) seq=1", 63, 5)
            + Twice("C:ACK", 64, 6) + "+2 " + Twice("C:DATA(5) seq=6", 64, 7) + Twice("S:RST seq=8", 64, 8)) is var r
            ? (r.Cause, r.CaptureQuality)
            : default);

    [Fact]
    public void An_explanation_counts_payload_once()
    {
        ConnectionClose record = PacketScript.One(Handshake + "C:DATA(9000) id=4\n+0.00001 C:DATA(9000) seq=1 id=4\nS:DATA(300) id=5\n+0.00001 S:DATA(300) seq=1 id=5\nS:RST-ACK id=6");

        Assert.Equal((Cause.EarlyResponse, 18_000L), (record.Cause, record.ClientBytes));
        Assert.Contains("answered (300 bytes) while the client was still uploading (9000 bytes so far)", record.Explanation, StringComparison.Ordinal);
    }

    /// <summary>A packet in front of a router, and behind it.</summary>
    private static string Twice(string packet, int timeToLive, int id) => $"{packet} ttl={timeToLive} id={id}\n+0.00001 {packet} ttl={timeToLive - 1} id={id}\n";

    private const string Behind = "C:SYN ttl=64\nS:SYN-ACK ttl=63\nC:ACK ttl=64\nC:DATA(5) ttl=64\nS:DATA(7) ttl=63\nC:ACK ttl=64\n";
}
