using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

public sealed class TeardownProgressTests
{
    private static readonly TeardownTarget Gateway = new("gateway", 443);

    private static TeardownActivity Activity(TeardownTarget target, int elapsed, int remaining) =>
        new(target, TeardownProbeKind.Idle, 1, TimeSpan.FromSeconds(elapsed), TimeSpan.FromSeconds(remaining));

    [Fact]
    public void Of_one_target_it_shows_the_time()
    {
        TeardownProgress progress = new(1, 1, [Activity(Gateway, 20, 60)]);
        Assert.Equal("gateway:443 Idle: 20 s, at most 60 s left", progress.ToString());
        Assert.Equal((25, false), ((int)Math.Round(progress.Share * 100), progress.IsCrowded));
    }

    [Fact]
    public void Of_many_it_counts_and_marks_a_time_that_is_not_that_of_all()
    {
        TeardownProgress progress = new(10, 6, [Activity(Gateway, 20, 60), Activity(new TeardownTarget("::1", 80), 1, 79)]);
        Assert.Equal("4 of 10 targets, 2 probes running, at most 79 s left for these", progress.ToString());
        Assert.Equal((0.4, true), (progress.Share, progress.IsCrowded));
    }

    [Fact]
    public void Without_targets_it_has_a_text()
    {
        TeardownProgress progress = new(0, 0, []);
        Assert.Equal((0.0, false, TimeSpan.Zero), (progress.Share, progress.IsCrowded, progress.Remaining));
    }

    [Fact]
    public void Every_probe_has_its_sentence() => Assert.Equal(Enum.GetValues<TeardownProbeKind>(), TeardownProbes.All.Select(probe => probe.Probe));
}
