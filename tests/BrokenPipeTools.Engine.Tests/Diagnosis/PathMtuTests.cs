using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Segments that are lost because of their size or traffic class, and segments that are lost for another reason.</summary>
public sealed class PathMtuTests
{
    private const string Opened = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(100) df=1\nS:ACK\n";
    private const string Again = "+0.2 C:DATA(1448) seq=101 df=1\n+0.4 C:DATA(1448) seq=101 df=1\n+0.8 C:DATA(1448) seq=101 df=1\n+1.6 C:DATA(1448) seq=101 df=1\n";

    [Theory]
    [InlineData(false, "192.0.2.2")]
    [InlineData(true, "2001:db8::2")]
    public void A_report_of_the_path_that_the_sender_ignores_is_the_cause(bool ipv6, string router)
    {
        ConnectionClose record = PacketScript.One($"{Opened}C:DATA(1448) df=1\nC:ICMP mtu=1400\n{Again}", ipv6);

        Assert.Equal((Cause.PathMtuBlackHole, Confidence.High, "ETIMEDOUT"), (record.Cause, record.Confidence, record.ClientWrite));
        Assert.Contains("MTU of 1400", record.Explanation, StringComparison.Ordinal);
        Assert.Contains(router, record.Explanation, StringComparison.Ordinal);
        Assert.Contains("1448 bytes", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("100 bytes", record.Explanation, StringComparison.Ordinal);
        Assert.Contains("MSS", record.Advice, StringComparison.Ordinal);
        Assert.Equal([7L, 8L], record.Evidence.Select(e => e.Frame));
    }

    /// <summary>No report comes; SACK shows that a smaller segment that was sent later arrived.</summary>
    [Fact]
    public void A_smaller_segment_that_arrived_after_the_lost_one_shows_a_black_hole_too()
    {
        ConnectionClose record = PacketScript.One($"{Opened}C:DATA(1448) df=1\nC:DATA(50) df=1\nS:ACK ack=101 sack=1549-1599\n{Again}");

        Assert.Equal((Cause.PathMtuBlackHole, Confidence.Medium), (record.Cause, record.Confidence));
        Assert.Contains("ICMP may be filtered", record.Explanation, StringComparison.Ordinal);
        Assert.Contains(record.Alternatives, a => a.Cause == Cause.SilentDrop);
    }

    [Fact]
    public void A_gap_at_the_receiver_before_a_smaller_segment_is_a_hint()
    {
        ConnectionClose record = PacketScript.One("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(517)\nS:ACK\nS:DATA(620) seq=2897\nC:ACK ack=1 sack=2897-3517\n+60 S:FIN seq=3517\nC:ACK ack=1 sack=2897-3518\n+15 C:FIN ack=1");

        Assert.Equal((Cause.PathMtuBlackHole, Confidence.Low), (record.Cause, record.Confidence));
        Assert.Contains("2896 bytes", record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C:DATA(36) tos=72", " All payload that was lost has TOS 0x48, all that arrived has 0x00")]
    [InlineData("C:DATA(36) tos=2", "")] // the ECN bits are not part of the traffic class here
    [InlineData("C:DATA(36) tos=72\nS:ACK\nC:DATA(36) tos=72", "")] // one segment with the traffic class arrived
    [InlineData("C:DATA(36)\nC:DATA(36) tos=72", "")] // one segment without it was lost
    public void A_traffic_class_that_only_the_lost_segments_have_is_named(string late, string remark)
    {
        ConnectionClose record = PacketScript.One($"{Opened}{late}\n");
        string seen = LossPattern.DescribeClass(record.Connection, record.Connection.Key.Port0 == record.ClientPort ? 0 : 1);

        Assert.StartsWith(remark, seen, StringComparison.Ordinal);
        Assert.Equal(remark.Length == 0, seen.Length == 0);
    }

    [Theory]
    [InlineData(false, "TOS 0x48")]
    [InlineData(true, "traffic class 0x48")]
    public void The_explanation_of_a_silent_drop_names_the_traffic_class(bool ipv6, string mark)
    {
        ConnectionClose record = PacketScript.One($"{Opened}C:DATA(36) tos=72\n+0.2 C:DATA(36) seq=101 tos=72\n+0.4 C:DATA(36) seq=101 tos=72\n+0.8 C:DATA(36) seq=101 tos=72\n+1.6 C:DATA(36) seq=101 tos=72", ipv6);

        Assert.Equal(Cause.SilentDrop, record.Cause);
        Assert.Contains(mark, record.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 35, true)]
    [InlineData(9, 36, false)]
    [InlineData(3, 35, false)] // chance
    public void The_first_segment_of_odd_length_that_is_the_lost_one_is_named(int before, int length, bool named)
    {
        string even = string.Concat(Enumerable.Range(0, before).Select(_ => "C:DATA(40)\nS:ACK\n"));
        int next = 1 + (before * 40);
        string again = string.Concat(new[] { 0.2, 0.4, 0.8, 1.6 }.Select(wait => string.Create(CultureInfo.InvariantCulture, $"+{wait} C:DATA({length}) seq={next}\n")));
        ConnectionClose record = PacketScript.One($"C:SYN\nS:SYN-ACK\nC:ACK\n{even}C:DATA({length})\n{again}");

        Assert.Equal(Cause.SilentDrop, record.Cause);
        Assert.Equal(named, record.Explanation.Contains("the lost one is the first with an odd length", StringComparison.Ordinal));
    }
}
