using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Summaries;
using BrokenPipeTools.Testing.Building;

namespace BrokenPipeTools.Tests.Summaries;

/// <summary>Compares a summary with the records that it counts.</summary>
public sealed class CloseTallyTests
{
    private const string Normal = "C:SYN conn=#\nS:SYN-ACK conn=#\nC:ACK conn=#\nC:DATA(5) conn=#\nS:ACK conn=#\nC:FIN conn=#\nS:FIN conn=#\nC:ACK conn=#\n";
    private const string Refused = "C:SYN conn=# to=443\nS:RST-ACK conn=# to=443\n";
    private const string Reset = "C:SYN conn=#\nS:SYN-ACK conn=#\nC:ACK conn=#\nC:DATA(5) conn=#\nS:FIN conn=#\nC:ACK conn=#\nC:DATA(9) conn=#\nS:RST conn=#\n";

    private static readonly List<ConnectionClose> Records = PacketScript.Run(string.Concat(
        Enumerable.Range(0, 12).Select(i => On(i, (i % 4) switch { 0 => Refused, 1 => Reset, _ => Normal }))));

    public static TheoryData<SummaryGroup> Groups => [SummaryGroup.Cause, SummaryGroup.State, SummaryGroup.ClosedBy, SummaryGroup.Service];

    [Theory]
    [MemberData(nameof(Groups))]
    public void The_lines_of_a_group_count_its_records_and_are_sorted_by_count(SummaryGroup group)
    {
        Func<ConnectionClose, string> name = group switch
        {
            SummaryGroup.Cause => r => r.Cause.ToString(),
            SummaryGroup.State => r => r.State.ToString(),
            SummaryGroup.ClosedBy => r => r.ClosedBy.ToString(),
            _ => r => r.ServerPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        IEnumerable<(string, long, double, DateTime?, DateTime?)> expected = Records.GroupBy(name).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, (long)g.Count(), (double)g.Count() / Records.Count, (DateTime?)g.Min(r => r.StartTime), (DateTime?)g.Max(r => r.EndTime)));
        Assert.Equal(expected, Lines(group).Select(l => (l.Name, l.Count, l.Share, l.StartTime, l.EndTime)));
    }

    [Fact]
    public void The_total_has_all_connections_and_those_in_trouble()
    {
        SummaryLine total = Lines(SummaryGroup.Total).Single();
        Assert.Equal((12L, 1.0, 6L), (total.Count, total.Share, total.Troubled));
        Assert.Equal(total, Summarize(Records)[0], (a, b) => a.Count == b.Count && a.Group == b.Group);
    }

    [Fact]
    public void Pairs_count_only_the_connections_in_trouble()
    {
        Assert.Equal([("10.0.0.1 > 10.0.0.2:443", 3L), ("10.0.0.1 > 10.0.0.2:80", 3L)], Lines(SummaryGroup.Pair).Select(l => (l.Name, l.Count)));
        ConnectionClose ipv6 = PacketScript.One(On(1, Refused), ipv6: true);
        Assert.Equal("2001:db8::c > [2001:db8::5]:443", Summarize([ipv6]).Single(l => l.Group == SummaryGroup.Pair).Name);
    }

    [Fact]
    public void Examples_are_the_first_three_connections_in_trouble_before_others_and_have_a_frame()
    {
        Assert.Equal([0, 1, 4], Lines(SummaryGroup.Total).Single().Examples.Select(e => e.Stream)); // 2 and 3 were replaced
        Assert.Equal([2, 3, 6], Lines(SummaryGroup.State).Single(l => l.Name == "Graceful").Examples.Select(e => e.Stream));
        SummaryExample reset = Lines(SummaryGroup.Cause).Single(l => l.Name == nameof(Cause.WriteAfterPeerClose)).Examples[0];
        ConnectionClose record = Records.Single(r => r.Stream == reset.Stream);
        Assert.Equal((record.Path, record.ServerResetFrame, record.WiresharkFilter), (reset.Path, reset.Frame, reset.WiresharkFilter));
        SummaryExample closed = Lines(SummaryGroup.Cause).Single(l => l.Name == nameof(Cause.NormalClose)).Examples[0];
        Assert.Equal(Records.Single(r => r.Stream == closed.Stream).ClientFinFrame, closed.Frame);
    }

    [Fact]
    public void Top_limits_only_the_services_and_the_pairs()
    {
        IReadOnlyList<SummaryLine> lines = Summarize(Records, top: 1);
        Assert.Equal((1, 1, 3), (Count(SummaryGroup.Service), Count(SummaryGroup.Pair), Count(SummaryGroup.Cause)));
        int Count(SummaryGroup group) => lines.Count(l => l.Group == group);
    }

    [Fact]
    public void Saved_records_make_the_same_summary()
    {
        CloseTally tally = new();
        foreach (ConnectionClose r in Records)
        {
            tally.Add(new CountedClose
            {
                Cause = r.Cause, State = r.State, ClosedBy = r.ClosedBy, ClientAddress = r.ClientAddress, ServerAddress = r.ServerAddress, ServerPort = (ushort)r.ServerPort,
                StartTime = r.StartTime, EndTime = r.EndTime, Path = r.Path, Stream = r.Stream,
                Frame = SummaryExample.ChooseFrame(r.ClientResetFrame, r.ServerResetFrame, r.ClientFinFrame, r.ServerFinFrame, r.LastFrame), WiresharkFilter = r.WiresharkFilter,
            });
        }

        Assert.Equal(Summarize(Records).Select(Text), tally.Summarize(10).Select(Text));
        static string Text(SummaryLine l) => $"{l} {l.Troubled} {l.StartTime:O} {l.EndTime:O} {l.Examples}";
    }

    [Fact]
    public void Names_of_hosts_make_pairs_too()
    {
        CloseTally tally = new();
        foreach (string client in new[] { "web1", "web2", "web1" })
            tally.Add(Saved(client, "db.example", Cause.SilentDrop, CloseState.TimedOut));
        Assert.Equal([("web1 > db.example:5432", 2L), ("web2 > db.example:5432", 1L)], tally.Summarize(10).Where(l => l.Group == SummaryGroup.Pair).Select(l => (l.Name, l.Count)));
    }

    /// <summary>Ten times as many pairs as are kept: the frequent one is found although it comes between all the others.</summary>
    [Fact]
    public void Pairs_are_bounded_and_the_most_frequent_one_stays()
    {
        CloseTally tally = new();
        for (int i = 0; i < 10 * PairCounts.Capacity; i++)
        {
            tally.Add(Saved($"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}", "10.99.0.1", Cause.SilentDrop, CloseState.TimedOut));
            if (i % 100 == 0)
                tally.Add(Saved("10.98.0.1", "10.99.0.1", Cause.SilentDrop, CloseState.TimedOut));
        }

        SummaryLine[] pairs = [.. tally.Summarize(int.MaxValue).Where(l => l.Group == SummaryGroup.Pair)];
        Assert.InRange(pairs.Length, 1, PairCounts.Capacity);
        Assert.Equal(("10.98.0.1 > 10.99.0.1:5432", 410L), (pairs[0].Name, pairs[0].Count));
    }

    [Theory]
    [InlineData(Cause.NormalClose, CloseState.Graceful, false)]
    [InlineData(Cause.HealthProbe, CloseState.Reset, false)]
    [InlineData(Cause.IdleTimeout, CloseState.Graceful, false)]
    [InlineData(Cause.IdleTimeout, CloseState.Reset, true)]
    [InlineData(Cause.Undetermined, CloseState.Evicted, false)]
    [InlineData(Cause.Undetermined, CloseState.TimedOut, true)]
    [InlineData(Cause.ConnectionRefused, CloseState.Refused, true)]
    public void A_connection_is_in_trouble_if_its_end_may_fail_a_program(Cause cause, CloseState state, bool expected) => Assert.Equal(expected, CloseTally.IsTroubled(cause, state));

    [Fact]
    public void A_summary_without_records_has_only_the_total()
    {
        SummaryLine total = Assert.Single(new CloseTally().Summarize(10));
        Assert.Equal((0L, 0.0, (DateTime?)null, (DateTime?)null), (total.Count, total.Share, total.StartTime, total.EndTime));
    }

    private static string On(int connection, string script) => script.Replace("#", connection.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

    internal static CountedClose Saved(string client, string server, Cause cause, CloseState state) => new()
    {
        Cause = cause, State = state, ClosedBy = ClosedBy.None, ClientAddress = client, ServerAddress = server, ServerPort = 5432,
        StartTime = DateTime.UnixEpoch, EndTime = DateTime.UnixEpoch, Path = "x", Stream = 0, Frame = 1,
    };

    private static IEnumerable<SummaryLine> Lines(SummaryGroup group) => Summarize(Records).Where(l => l.Group == group);

    private static IReadOnlyList<SummaryLine> Summarize(IEnumerable<ConnectionClose> records, int top = 10)
    {
        CloseTally tally = new();
        foreach (ConnectionClose record in records)
            tally.Add(record);
        return tally.Summarize(top);
    }
}
