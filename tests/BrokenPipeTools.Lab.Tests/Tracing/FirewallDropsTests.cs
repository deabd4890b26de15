using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Tests.Lab;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>Drops of a firewall prove a cause only if they concern this connection.</summary>
[Collection(nameof(LiveTraces))]
public sealed class FirewallDropsTests
{
    private const long Second = Nanoseconds.PerSecond, Moment = 100 * Nanoseconds.PerMicrosecond;
    private const int Thread = 7;

    private static readonly long[] Retransmissions = [Second, 2 * Second, 4 * Second];

    [Theory]
    [InlineData(new[] { 1.0, 2, 4 }, true)]
    [InlineData(new[] { 1.0, 2 }, false)] // one got through
    [InlineData(new[] { 1.0, 1.5, 2, 2.5, 4 }, true)] // a few others
    [InlineData(new[] { 1.0, 1.2, 1.4, 1.6, 2, 2.5, 4 }, false)] // a firewall that drops all the time
    [InlineData(new double[0], false)]
    public void A_drop_must_occur_at_each_retransmission_and_hardly_at_any_other_time(double[] seconds, bool isProof)
    {
        FirewallDrops drops = new();
        foreach (double second in seconds)
            drops.Add(new PacketDropped(new EventOrigin((long)(second * Second) + Moment, Thread, IsTask: false), 1, 0, FirewallDrops.Reason));
        Assert.Equal(isProof, drops.MeetAll(Retransmissions));
        Assert.False(drops.MeetAll([Second])); // one may be chance
    }

    [Theory]
    [InlineData(Thread, true, Moment, true)]
    [InlineData(Thread, false, Moment, false)] // an interrupt in the thread's time
    [InlineData(Thread + 1, true, Moment, false)]
    [InlineData(Thread, true, Second, false)]
    public void A_drop_during_the_threads_own_call_concerns_its_packet(int thread, bool isTask, long later, bool isOwn)
    {
        FirewallDrops drops = new();
        drops.Add(new PacketDropped(new EventOrigin(Second + later, thread, isTask), 1, 0, FirewallDrops.Reason));
        Assert.Equal(isOwn, drops.MeetCall(new SocketAct(Second, Thread)));
    }

    [PrivilegedFact]
    public void The_lab_s_firewalls_are_found_on_this_host()
    {
        if (TracedScenario.Obstacle is not null)
            return;
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions());
        foreach (string name in new[] { "FirewallDrop", "LocalFirewall" })
        {
            TracedFailure first = TracedScenario.Run(trace, ScenarioCatalog.All.Single(one => one.Name == name)).Failures[0];
            Assert.Equal((Cause.SilentDrop, Confidence.High), (first.Cause, first.Confidence));
            Assert.Contains(first.Evidence, line => line.Contains("NETFILTER_DROP", StringComparison.Ordinal));
        }
    }
}
