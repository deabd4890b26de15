using BrokenPipeTools.Analysis;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>The history of other connections: it is bounded, and wrong times in captures do not matter.</summary>
public sealed class HostHistoryTests
{
    private const string SameSilence = "3 connections to this server reported before";
    private const int Ports = HostHistory.Capacity;

    [Fact]
    public void A_table_removes_the_least_recently_used_entry()
    {
        RecentTable<Endpoint, ProbeMemory> table = new(2);
        ProbeMemory first = table[Host(1)];
        ProbeMemory second = table[Host(2)];
        Assert.Same(first, table[Host(1)]);
        Assert.Same(second, table[Host(3)]); // its room is used again
        Assert.Same(first, table[Host(1)]);
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void A_reused_entry_is_empty()
    {
        RecentTable<Endpoint, ProbeMemory> table = new(1);
        for (int i = 1; i <= 4; i++)
            table[Host(1)].Add(i * 5_000_000_000);
        Assert.Equal(4, table[Host(1)].Add(25_000_000_000).Before);
        Assert.Equal(0, table[Host(2)].Add(30_000_000_000).Before);
        Assert.Equal(0, table[Host(1)].Add(35_000_000_000).Before);
    }

    [Theory]
    [InlineData(Ports - 1, true)]
    [InlineData(Ports, false)]
    public void The_least_recently_used_servers_are_removed(int others, bool remembered)
    {
        Timeline timeline = new Timeline().Add(0, 3, 42).Add(1, 9, 42).Add(2, 20, 42);
        for (int i = 0; i < others; i++)
            timeline.Add(3 + (i * 0.001), 1, 1, port: 1000 + i);
        timeline.Add(10, 30, 42);
        ConnectionClose last = PacketScript.Run(timeline.ToString())[^1];
        Assert.Equal(remembered, last.Explanation.Contains(SameSilence, StringComparison.Ordinal));
        Assert.Equal(remembered ? Cause.IdleTimeout : Cause.NormalClose, last.Cause);
    }

    [Fact]
    public void Memory_is_bounded_for_any_addresses()
    {
        HostHistory history = new();
        Timeline timeline = new();
        for (int i = 0; i < 3 * Ports; i++)
            timeline.Add(i * 0.01, 1, 1, port: 1 + i).AddBare(i * 0.01, port: 10_000 + i);
        foreach (ConnectionClose record in PacketScript.Run(timeline.ToString()))
            history.CompareAndAdd(record.Connection, record.Connection.Opener, record.State);
        Assert.Equal(Ports + 1 + Ports, history.Count); // server endpoints, the one host that closes, probers
    }

    [Fact]
    public void If_a_clock_is_set_back_silences_are_still_found_and_no_probe_is_reported()
    {
        Timeline silences = new Timeline().Add(0, 3, 42).Add(100, 9, 42).Add(200, 20, 42).Add(300, 31, 42);
        ConnectionClose last = SetBack(silences, after: 160, by: 3600).MaxBy(r => r.Stream)!;
        Assert.Contains(SameSilence, last.Explanation, StringComparison.Ordinal);

        Timeline probes = new();
        for (int i = 0; i < 6; i++)
            probes.AddBare(i * 5);
        Assert.All(SetBack(probes, after: 12, by: 3600), r => Assert.Equal(Confidence.Medium, r.Confidence));
    }

    [Theory]
    [InlineData(50)] // in the middle of their lives
    [InlineData(99)]
    [InlineData(120)]
    public void If_a_clock_is_set_back_no_pattern_is_reported(double after)
    {
        Timeline timeline = new();
        for (int i = 0; i < 40; i++)
            timeline.Add(i * 3, 2, 1 + (i % 7), i % 2 == 0 ? "S:RST-ACK" : "S:FIN;C:FIN;S:ACK", port: 80 + (i % 3));
        foreach (double by in (double[])[0.5, 30, 3600, 1_690_000_000])
        {
            foreach (ConnectionClose record in SetBack(timeline, after, by))
                Assert.DoesNotContain("within one second of this one", record.Explanation, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hints_are_the_same_if_records_are_pooled_and_read_immediately_or_later(bool ipv6)
    {
        string script = new Timeline().Add(0, 3, 42).Add(1, 9, 42).Add(2, 20, 42).Add(3, 31, 42).ToString();
        Assert.Contains(SameSilence, PacketScript.Run(script, ipv6)[^1].Explanation, StringComparison.Ordinal);

        RecordPool pool = new();
        byte[] capture = CaptureBytes.Pcap(PacketScript.Build(script, ipv6), magic: 0xA1B23C4D);
        string explanation = "";
        using CloseAnalyzer analyzer = new(BrokenPipeTools.Capture.Files.CaptureFile.Open(new MemoryStream(capture), "pooled"), new AnalyzerOptions { Pool = pool, Linger = TimeSpan.FromSeconds(1) });
        while (analyzer.TryNext(out ConnectionClose? record))
        {
            explanation = record.Explanation;
            pool.Return([record]);
        }

        Assert.Contains(SameSilence, explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_connection_is_explained_without_others()
    {
        string[] ends = ["S:FIN;C:ACK;C:FIN;S:ACK", "S:RST-ACK", "S:FIN;C:ACK;C:DATA(5);S:RST", "C:FIN;S:ACK", "C:FIN;S:FIN;C:ACK"];
        foreach (string end in ends)
        {
            ConnectionClose record = PacketScript.One(new Timeline().Add(0, 3, 60, end).ToString());
            CloseFacts facts = new(new CloseCase(record.Connection, record.Connection.Opener, record.State, record.ClosedBy, DiagnosisContext.Neutral, Neighbors: null, IsAfterDrops: false, IsCutShort: false, Until: record.Connection.LatestTime));
            Finding alone = CauseCatalog.Diagnose(facts);
            Assert.Equal((alone.Rule.Cause, alone.Confidence, alone.Explain().ToString()), (record.Cause, record.Confidence, record.Explanation));
        }
    }

    [Fact]
    public void The_same_connection_gets_its_history_from_one_capture_only()
    {
        string script = new Timeline().Add(0, 3, 42).ToString();
        for (int i = 0; i < 5; i++)
            Assert.Equal(Cause.NormalClose, PacketScript.One(script).Cause);
    }

    private static List<ConnectionClose> SetBack(Timeline timeline, double after, double by)
    {
        List<RawFrame> frames = PacketScript.Build(timeline.ToString());
        long from = frames[0].Time + (long)(after * Nanoseconds.PerSecond);
        return Analyze.Bytes(CaptureBytes.Pcap([.. frames.Select(f => f.Time < from ? f : f with { Time = f.Time - (long)(by * Nanoseconds.PerSecond) })], magic: 0xA1B23C4D));
    }

    private static Endpoint Host(ulong number) => new(new IpBits(0, number), IsIPv6: false, Port: 0);
}
