using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Comparison;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Comparison;

/// <summary>Two captures of the same connections: matching connections, and the verdicts.</summary>
public sealed class CaptureComparisonTests
{
    private const string Opening = "C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(5)\nS:DATA(7)\nC:ACK\n";
    private const string Closing = "+1 C:FIN\nS:FIN\nC:ACK\n";

    /// <summary>Another connection, so that the captures cover the time after the first one.</summary>
    private const string Later = "+5 C:SYN conn=1\nS:SYN-ACK conn=1\nC:ACK conn=1\nC:FIN conn=1\nS:FIN conn=1\nC:ACK conn=1\n";

    private static readonly string Whole = Opening + Closing + Later;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packets_that_were_sent_and_arrived_are_consistent(bool ipv6)
    {
        ConnectionComparison one = First(Whole, Whole, ipv6);
        Assert.Equal((ComparisonVerdict.Consistent, "Reference"), (one.Verdict, one.NearClient));
        Assert.Equal(["Arrived", "Arrived", "Arrived", "Arrived"], one.Packets.Select(packet => packet.Fate.ToString()));
    }

    [Fact]
    public void Clocks_may_differ_by_minutes_and_the_captures_may_be_given_in_any_order()
    {
        ConnectionComparison one = First(Whole, Whole, ahead: 300_000_000_000);
        Assert.Equal((ComparisonVerdict.Consistent, "Reference"), (one.Verdict, one.NearClient));
        Assert.Equal(300, one.ClockOffset!.Value, 1);
        ConnectionComparison reversed = Compare(At(Whole, isServer: true), At(Whole))[0];
        Assert.Equal((ComparisonVerdict.Consistent, "Difference"), (reversed.Verdict, reversed.NearClient));
    }

    [Fact]
    public void A_reset_that_its_host_did_not_send_is_forged()
    {
        ConnectionComparison one = First(Opening + "+1 S:RST-ACK ttl=50\n" + Later, Opening + Later);
        Assert.Equal((ComparisonVerdict.ForgedReset, StepSide.Server), (one.Verdict, one.Sender));
        Assert.Contains("frame 7", one.Explanation, StringComparison.Ordinal);
    }

    /// <summary>The client refuses a segment of an older connection, and then connects (RFC 9293, section 3.10.7.3).</summary>
    [Fact]
    public void A_reset_that_answers_an_older_connection_is_not_forged_although_its_sender_continues()
    {
        ConnectionComparison one = First("C:SYN\nC:RST seq=90000 lost=1\n+1 S:SYN-ACK\nC:ACK\n" + Later, "C:SYN\nC:RST seq=90000\n+1 S:SYN-ACK\nC:ACK\n" + Later);
        Assert.NotEqual(ComparisonVerdict.ForgedReset, one.Verdict);
    }

    [Fact]
    public void A_reset_that_its_host_sent_is_consistent() =>
        Assert.Equal(ComparisonVerdict.Consistent, First(Opening + "S:RST-ACK\n" + Later, Opening + "S:RST-ACK\n" + Later).Verdict);

    [Fact]
    public void Payload_that_did_not_arrive_is_lost_from_its_first_frame_on()
    {
        ConnectionComparison one = First(Opening + "C:DATA(9)\n+0.2 C:DATA(9) seq=6\n+1 C:FIN\n" + Later, Opening + "C:DATA(9) lost=1\n+0.2 C:DATA(9) seq=6 lost=1\n+1 C:FIN lost=1\n" + Later);
        Assert.Equal((ComparisonVerdict.LostOnPath, StepSide.Client), (one.Verdict, one.Sender));
    }

    [Fact]
    public void A_changed_window_of_the_handshake_is_rewritten() =>
        Assert.Equal(ComparisonVerdict.Rewritten, First(Whole, Whole.Replace("C:SYN\n", "C:SYN win=100\n", StringComparison.Ordinal)).Verdict);

    [Theory]
    [InlineData(Opening + Closing, Opening)] // ended early
    [InlineData(Opening + "S:RST-ACK\n", Opening)] // the server's capture ended before its RST
    [InlineData(Opening + "C:DATA(9)\n", Opening)] // both stopped while the connection was busy
    public void A_capture_that_ends_early_proves_nothing(string client, string server) =>
        Assert.Equal(ComparisonVerdict.Undetermined, First(client, server).Verdict);

    [Fact]
    public void A_capture_that_starts_late_proves_nothing()
    {
        const string Late = "C:SYN lost=1\nS:SYN-ACK lost=1\nC:ACK lost=1\nC:DATA(5) lost=1\nS:DATA(7)\nC:ACK\n";
        Assert.DoesNotContain(Compare(At(Whole), At(Late + Closing + Later, isServer: true)), IsWrong);
    }

    [Fact]
    public void Acknowledged_payload_was_not_lost()
    {
        ConnectionComparison one = First(Whole, Opening + "+1 C:FIN lost=1\nS:FIN\nC:ACK\n" + Later);
        Assert.NotEqual(ComparisonVerdict.LostOnPath, one.Verdict);
    }

    [Fact]
    public void Other_clients_of_the_server_are_left_out()
    {
        string others = string.Concat(Enumerable.Range(2, 5).Select(i => $"C:SYN conn={i}\nS:RST-ACK conn={i}\n"));
        List<ConnectionComparison> all = Compare(At(Whole), At(Opening + Closing + others + Later, isServer: true));
        Assert.All(all, one => Assert.NotNull(one.Reference));
        Assert.DoesNotContain(all, IsWrong);
    }

    [Fact]
    public void A_connection_that_a_server_accepted_elsewhere_is_not_lost()
    {
        const string Elsewhere = "C:SYN conn=2\nS:SYN-ACK conn=2\nC:ACK conn=2\nC:FIN conn=2\nS:FIN conn=2\nC:ACK conn=2\n";
        Assert.DoesNotContain(Compare(At(Opening + Closing + Elsewhere + Later), At(Whole, isServer: true)), IsWrong);
    }

    [Fact]
    public void Captures_without_a_connection_in_common_have_no_result() =>
        Assert.Empty(Compare(At(Whole), At(Whole.Replace("C:SYN", "C:SYN seq=77", StringComparison.Ordinal).Replace("conn=1", "conn=9", StringComparison.Ordinal), isServer: true, ahead: 1_000_000_000_000, isStranger: true)));

    /// <summary>A capture compared with itself shows nothing that was lost, forged or changed.</summary>
    [Fact]
    public void A_capture_agrees_with_itself()
    {
        foreach (string path in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Captures, "field"), "*.pcap"))
            Assert.DoesNotContain(Compare(Analyze.File(path), Analyze.File(path)), IsWrong);
    }

    public static TheoryData<string, bool> Endings
    {
        get
        {
            string[] endings =
            [
                Whole,
                Opening + "+1 S:RST-ACK\n" + Later,
                Opening + "+1 C:RST\n" + Later,
                Opening + "+1 S:FIN\nC:ACK\n+1 C:DATA(9)\nS:RST\n" + Later,
                Opening + "S:DATA(1000)\nS:DATA(1000)\nC:ACK\nS:DATA(30)\nS:FIN\nC:ACK\n+1 C:FIN\nS:ACK\n" + Later,
                Opening + "+1 C:FIN\nS:FIN\nC:ACK\n+1 S:RST\n" + Later,
                "C:SYN\nS:RST-ACK\n" + Later,
                Opening + "C:DATA(9) seq=6\n+0.2 C:DATA(9) seq=6\nS:ACK\nS:RST-ACK\n" + Later,
            ];
            TheoryData<string, bool> all = [];
            foreach (string ending in endings)
            {
                all.Add(ending, true);
                all.Add(ending, false);
            }

            return all;
        }
    }

    /// <summary>
    /// Whatever frames one capture lacks (one, two consecutive ones, those of the beginning or of the end), nothing is reported as lost or forged.
    /// </summary>
    [Theory]
    [MemberData(nameof(Endings))]
    public void Packets_that_one_capture_may_have_missed_were_neither_lost_nor_forged(string script, bool ofServer)
    {
        List<RawFrame> whole = PacketScript.Build(script);
        IEnumerable<List<RawFrame>> lacking = Enumerable.Range(0, whole.Count).SelectMany(i => (List<RawFrame>[])
        [
            [.. whole.Where((_, at) => at != i)],
            [.. whole.Where((_, at) => at != i && at != i + 1)],
            [.. whole.Skip(i)],
            [.. whole.Take(i + 1)],
        ]);
        foreach (List<RawFrame> less in lacking)
        {
            List<ConnectionComparison> all = Compare(Place(ofServer ? whole : less, isServer: false), Place(ofServer ? less : whole, isServer: true));
            Assert.All(all, one => Assert.False(IsWrong(one), $"{less.Count} of {whole.Count} frames: {one} {one.Explanation}"));
        }
    }

    private static bool IsWrong(ConnectionComparison one) => one.Verdict is ComparisonVerdict.ForgedReset or ComparisonVerdict.LostOnPath or ComparisonVerdict.Rewritten;

    private static ConnectionComparison First(string client, string server, bool ipv6 = false, long ahead = 0) =>
        Compare(At(client, ipv6: ipv6), At(server, isServer: true, ahead: ahead, ipv6: ipv6))[0];

    private static List<ConnectionClose> At(string script, bool isServer = false, long ahead = 0, bool ipv6 = false, bool isStranger = false)
    {
        List<RawFrame> frames = PacketScript.Build(script, ipv6);
        if (isStranger)
            frames = [.. frames.Select(frame => frame with { Data = Strange(frame.Data) })];
        return Place(frames, isServer, ahead);
    }

    /// <summary>The server is 0.3 ms away. At the server's place the client's packets are captured later, and the server's packets earlier.</summary>
    private static List<ConnectionClose> Place(List<RawFrame> frames, bool isServer, long ahead = 0)
    {
        const int V4Source = 14 + 15, V6Source = 14 + 23;
        IEnumerable<RawFrame> placed = frames.Select(frame => !isServer ? frame : frame with { Time = frame.Time + ahead + (frame.Data[frame.Data[12] == 8 ? V4Source : V6Source] is 1 or 0xC ? 300_000 : -300_000) });
        return Analyze.Bytes(CaptureBytes.Pcap(placed, magic: 0xA1B23C4D));
    }

    /// <summary>The same packet between other addresses.</summary>
    private static byte[] Strange(byte[] frame)
    {
        byte[] other = [.. frame];
        other[14 + 13] = other[14 + 17] = 99;
        return other;
    }

    private static List<ConnectionComparison> Compare(List<ConnectionClose> reference, List<ConnectionClose> difference)
    {
        CaptureComparison comparison = new();
        Assert.All(reference, record => Assert.True(comparison.AddReference(record)));
        Assert.All(difference, record => Assert.True(comparison.AddDifference(record)));
        return [.. comparison.Compare(_ => CaptureFile.Open(new MemoryStream(CaptureBytes.Pcap([])), "test.pcap")).Order()];
    }
}
