using BrokenPipeTools.Analysis;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>Hints from earlier connections: for every hint, a capture that has it, and similar captures that do not.</summary>
public sealed class NeighborTests
{
    private const string Reset = "S:RST-ACK";
    private const string ClientCloses = "C:FIN;S:ACK;S:FIN;C:ACK";
    private const string WriteAfter = "S:FIN;C:ACK;C:DATA(5);S:RST";
    private const string Remark = "reported before";

    /// <summary>Records come in the order in which connections end, as in a capture that is much longer than <see cref="AnalyzerOptions.Linger"/>.</summary>
    private static readonly AnalyzerOptions AsTheyEnd = new() { Linger = TimeSpan.FromSeconds(0.5) };

    // the same silence

    [Fact]
    public void Repeated_equal_silences_are_a_time_out_even_if_no_table_has_it()
    {
        List<ConnectionClose> records = Run(new Timeline().Add(0, 3, 42).Add(1, 9, 42.2).Add(2, 20, 42).Add(3, 31, 42.1));
        Assert.Equal([Cause.NormalClose, Cause.NormalClose, Cause.NormalClose, Cause.IdleTimeout], records.Select(r => r.Cause));
        Assert.Equal(Confidence.Medium, records[3].Confidence);
        Assert.EndsWith("after 42.1 s without payload. 3 connections to this server reported before this one were closed after the same idle time, at different ages.", records[3].Explanation, StringComparison.Ordinal);
        Assert.All(records.Take(3), r => Assert.DoesNotContain(Remark, r.Explanation, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("S:FIN;C:ACK;C:FIN;S:ACK", Confidence.High)]
    [InlineData(WriteAfter, Confidence.High)] // the reason of its close is as certain if the other side continues to write
    public void A_known_time_out_of_the_server_that_others_share_has_a_High_confidence(string end, Confidence confidence)
    {
        List<ConnectionClose> records = Run(new Timeline().Add(0, 3, 75, end).Add(1, 9, 75.1, end).Add(2, 20, 75.2, end).Add(3, 31, 75.1, end));
        Assert.All(records, r => Assert.Equal(Cause.IdleTimeout, r.Cause));
        Assert.Equal([Confidence.Medium, Confidence.Medium, Confidence.Medium, confidence], records.Select(r => r.Confidence));
        Assert.All(records, r => Assert.Equal(r.Confidence == Confidence.High, r.Alternatives.Count == 0));
        Assert.Contains("2 connections to this server reported before", records[2].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_RST_after_a_silence_that_other_connections_share_has_a_higher_confidence()
    {
        List<ConnectionClose> records = Run(new Timeline().Add(0, 3, 11.3, Reset).Add(1, 9, 11.3, Reset).Add(2, 5, 11.4, Reset).Add(3, 11, 11.3, Reset));
        Assert.All(records, r => Assert.Equal(Cause.IdleTimeout, r.Cause));
        Assert.Equal([Confidence.Low, Confidence.Low, Confidence.Low, Confidence.Medium], records.Select(r => r.Confidence));
    }

    [Fact]
    public void The_same_silence_is_not_High_if_it_may_have_another_cause()
    {
        // all have the same age: a limit on the age fits as well
        Assert.Equal(Confidence.Medium, Run(new Timeline().Add(0, 3, 75).Add(1, 3, 75).Add(2, 3, 75).Add(3, 3, 75))[3].Confidence);

        // the client's silences: its own pauses
        Assert.Equal(Confidence.Medium, Run(new Timeline().Add(0, 3, 60, ClientCloses).Add(1, 9, 60, ClientCloses).Add(2, 20, 60, ClientCloses).Add(3, 31, 60, ClientCloses))[3].Confidence);

        // one connection was silent for longer, and was not closed
        ConnectionClose outlived = Run(new Timeline().Add(0, 200, 75).Add(1, 9, 75).Add(2, 20, 75).Add(203, 31, 75)).MaxBy(r => r.StartTime)!;
        Assert.Equal((Cause.IdleTimeout, Confidence.Medium), (outlived.Cause, outlived.Confidence));
        Assert.EndsWith("; but one connection stayed open through a longer idle time.", outlived.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_silences_other_servers_other_sides_and_short_pauses_give_no_hint()
    {
        AssertSilent(new Timeline().Add(0, 3, 42).Add(1, 9, 17).Add(2, 20, 93).Add(3, 31, 55), Cause.NormalClose);
        AssertSilent(new Timeline().Add(0, 3, 42, port: 81).Add(1, 9, 42, port: 82).Add(2, 20, 42, port: 83).Add(3, 31, 42), Cause.NormalClose);
        AssertSilent(new Timeline().Add(0, 3, 42, ClientCloses).Add(1, 9, 42, ClientCloses).Add(2, 20, 42, ClientCloses).Add(3, 31, 42), Cause.NormalClose);
        AssertSilent(new Timeline().Add(0, 3, 3.2).Add(1, 9, 3.2).Add(2, 20, 3.2).Add(3, 31, 3.2), Cause.NormalClose);

        // three equal ones of ten are chance
        AssertSilent(new Timeline().Add(0, 3, 42).Add(1, 9, 10).Add(2, 20, 42).Add(3, 31, 25).Add(4, 7, 33).Add(5, 12, 50).Add(6, 14, 80).Add(7, 33, 42), Cause.NormalClose);
    }

    [Fact]
    public void A_write_after_closes_with_different_silences_keeps_its_cause() =>
        AssertSilent(new Timeline().Add(0, 3, 42, WriteAfter).Add(1, 9, 17, WriteAfter).Add(2, 20, 93, WriteAfter).Add(3, 31, 55, WriteAfter), Cause.WriteAfterPeerClose);

    // the same age

    [Fact]
    public void The_same_age_after_different_silences_is_an_age_limit_and_not_an_idle_time_out()
    {
        // The last silence is by chance that of a known timer.
        List<ConnectionClose> records = Run(new Timeline().Add(0, 10, 20.4).Add(1, 28, 2.3).Add(2, 18, 12.2).Add(3, 25.2, 5.1));
        Assert.Equal(Cause.NormalClose, records[3].Cause);
        Assert.EndsWith("nothing was lost. 3 connections to this server reported before this one were closed by the same side at the same age, 30.3 s after the SYN: "
            + "a maximum age of connections does that, or work that always takes this long.", records[3].Explanation, StringComparison.Ordinal);
        Assert.Equal(Cause.IdleTimeout, Run(new Timeline().Add(3, 25.2, 5.1))[0].Cause);

        List<ConnectionClose> resets = Run(new Timeline().Add(0, 10, 20.4, Reset).Add(1, 28, 2.3, Reset).Add(2, 18, 12.2, Reset).Add(3, 25.2, 5.1, Reset));
        Assert.Equal(Cause.AbortiveClose, resets[3].Cause);
        Assert.Contains("at the same age, 30.3 s after the SYN", resets[3].Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_ages_short_ones_and_unknown_ones_give_no_hint()
    {
        AssertSilent(new Timeline().Add(0, 10, 1).Add(1, 28, 1).Add(2, 18, 1).Add(3, 25, 1), Cause.NormalClose);
        AssertSilent(new Timeline().Add(0, 2, 1.3).Add(1, 2.5, 0.8).Add(2, 3, 0.3).Add(3, 2, 1.3), Cause.NormalClose);
        string cut = string.Join('\n', new Timeline().Add(0, 10, 20.4).Add(1, 28, 2.3).Add(2, 18, 12.2).Add(3, 25, 5.4).ToString().Split('\n')
            .Select(line => line.Contains("SYN", StringComparison.Ordinal) ? line + " lost=yes" : line));
        Assert.All(PacketScript.Run(cut), r => Assert.DoesNotContain("same age", r.Explanation, StringComparison.Ordinal));
    }

    // the same second

    [Fact]
    public void Many_closes_in_one_second_after_different_silences_are_a_restart()
    {
        List<ConnectionClose> records = Run(Restart(new Timeline(), at: 100));
        ConnectionClose last = records[^1];
        Assert.EndsWith("The same address closed 11 more connections within one second of this one, reported before it: "
            + "a restart, a deploy or a failover there is more likely than a reason that concerns only this connection.", last.Explanation, StringComparison.Ordinal);
        Assert.InRange(records.Count(r => r.Explanation.Contains("within one second of this one", StringComparison.Ordinal) || r.Explanation.Contains("restarted or reloaded", StringComparison.Ordinal)), 4, 12);

        // Then a silence in a table of timers is not a time-out.
        Timeline known = Restart(new Timeline(), at: 100).Add(0, 40, 60);
        ConnectionClose idle = Assert.Single(Run(known), r => r.PayloadIdleBeforeClose is > 59.9 and < 60.1);
        Assert.NotEqual(Cause.IdleTimeout, idle.Cause);
    }

    [Fact]
    public void A_periodic_check_a_common_silence_a_busy_host_and_the_begin_of_a_capture_are_no_restart()
    {
        Timeline sweep = new();
        Timeline common = new();
        Timeline busy = Restart(new Timeline(), at: 100);
        Timeline steady = new();
        Timeline others = new();
        for (int i = 0; i < 12; i++)
        {
            double silence = 61 + (2.4 * i); // connections that were silent for a minute, checked twice a minute
            sweep.Add(0, 100 - silence, silence);
            common.Add(i * 0.01, 40, 60);
            others.Add(0, 100 - (3.1 * (i + 1)), 3.1 * (i + 1), i < 5 ? Reset : ClientCloses);
        }

        for (int i = 0; i < 100; i++)
            busy.Add(80 + (0.4 * i) - (0.13 * (i % 17)) - 1, 1, 0.13 * (i % 17));
        for (int i = 0; i < 1000; i++)
            steady.Add((0.05 * i) + (0.37 * (i % 7)), 0.2, 1 + (0.7 * (i % 13)), i % 2 == 0 ? Reset : "S:FIN;C:FIN;S:ACK");
        Timeline beginning = Restart(new Timeline(), at: 3.5, spread: 0.28);
        foreach (Timeline ordinary in (Timeline[])[sweep, common, busy, steady, others, beginning])
            Assert.All(Run(ordinary, AsTheyEnd), r => Assert.DoesNotContain("within one second of this one", r.Explanation, StringComparison.Ordinal));
        Assert.All(Run(steady), r => Assert.DoesNotContain("within one second of this one", r.Explanation, StringComparison.Ordinal));
    }

    // probes

    [Fact]
    public void Periodic_connects_without_payload_are_health_probes()
    {
        List<ConnectionClose> resets = Run(Probes("C:RST-ACK", 0, 5, 10.05, 15.01, 20));
        Assert.All(resets, r => Assert.Equal(Cause.HealthProbe, r.Cause));
        Assert.Equal([Confidence.Medium, Confidence.Medium, Confidence.Medium, Confidence.Medium, Confidence.High], resets.Select(r => r.Confidence));
        Assert.Contains("it does so every 5 s, 3 times before this one.", resets[3].Explanation, StringComparison.Ordinal);
        Assert.Contains("without sending a byte, as health probes do; it does so every 5 s, 4 times before this one.", resets[4].Explanation, StringComparison.Ordinal);

        List<ConnectionClose> fins = Run(Probes("C:FIN;S:FIN;C:ACK", 0, 5, 10.05, 15.01, 20));
        Assert.Equal([Cause.NormalClose, Cause.NormalClose, Cause.NormalClose, Cause.HealthProbe, Cause.HealthProbe], fins.Select(r => r.Cause));
        Assert.All(fins.Skip(3), r => Assert.Equal(Confidence.Medium, r.Confidence));
        Assert.Matches(@"^The client connected and closed \(frame \d+\) without sending a byte", fins[3].Explanation);
    }

    [Fact]
    public void Connects_that_are_irregular_or_closed_by_the_server_or_have_payload_are_no_probes()
    {
        AssertSilentAbout(Cause.HealthProbe, Probes("C:FIN;S:FIN;C:ACK", 0, 5, 9, 15.01, 21));
        AssertSilentAbout(Cause.HealthProbe, Probes("S:FIN;C:FIN;S:ACK", 0, 5, 10, 15, 20));
        AssertSilentAbout(Cause.HealthProbe, Probes("C:DATA(1);C:FIN;S:FIN;C:ACK", 0, 5, 10, 15, 20));
        AssertSilentAbout(Cause.HealthProbe, Probes("C:FIN;S:FIN;C:ACK", 0, 0.1, 0.2, 0.3, 0.4)); // a loop that retries immediately
        AssertSilentAbout(Cause.HealthProbe, new Timeline().AddBare(0, "C:FIN;S:FIN;C:ACK", 81).AddBare(5, "C:FIN;S:FIN;C:ACK", 82).AddBare(10, "C:FIN;S:FIN;C:ACK", 83).AddBare(15, "C:FIN;S:FIN;C:ACK", 84));
        Assert.All(Run(Probes("C:RST-ACK", 0, 5, 9, 15.01, 21)), r => Assert.Equal(Confidence.Medium, r.Confidence));
    }

    private static Timeline Probes(string end, params double[] times) => times.Aggregate(new Timeline(), (timeline, at) => timeline.AddBare(at, end));

    /// <summary>Twelve connections on two ports, with silences of different length, that are closed within a third of a second.</summary>
    private static Timeline Restart(Timeline timeline, double at, double spread = 3.1)
    {
        for (int i = 0; i < 12; i++)
            timeline.Add(0, at - (spread * (i + 0.6)), (spread * (i + 0.6)) + (0.02 * i), i % 3 == 0 ? Reset : "S:FIN;C:ACK;C:FIN;S:ACK", port: 80 + (i % 2));
        return timeline;
    }

    private static List<ConnectionClose> Run(Timeline timeline, AnalyzerOptions? options = null) => PacketScript.Run(timeline.ToString(), options: options);

    private static void AssertSilent(Timeline timeline, Cause cause) => Assert.All(Run(timeline), r =>
    {
        Assert.Equal(cause, r.Cause);
        Assert.DoesNotContain(Remark, r.Explanation, StringComparison.Ordinal);
    });

    private static void AssertSilentAbout(Cause cause, Timeline timeline) => Assert.All(Run(timeline), r => Assert.NotEqual(cause, r.Cause));
}
