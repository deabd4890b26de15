using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

public sealed class TeardownProgressTests
{
    private static readonly TeardownTarget Gateway = new("gateway", 443);

    private static TeardownActivity Activity(TeardownTarget target, int elapsed, int remaining) =>
        new(target, TeardownProbeKind.Idle, 1, TimeSpan.FromSeconds(elapsed), TimeSpan.FromSeconds(remaining));

    [Fact]
    public void The_progress_of_one_target_is_its_time()
    {
        TeardownProgress progress = new(1, 1, [Activity(Gateway, 20, 60)]);
        Assert.Equal("gateway:443 Idle: 20 s, at most 60 s left", progress.ToString());
        Assert.Equal((25, false), ((int)Math.Round(progress.Share * 100), progress.IsCrowded));
    }

    [Fact]
    public void The_progress_of_many_targets_is_their_number_and_a_time_for_some_of_them_is_marked()
    {
        TeardownProgress progress = new(10, 6, [Activity(Gateway, 20, 60), Activity(new TeardownTarget("::1", 80), 1, 79)]);
        Assert.Equal("4 of 10 targets, 2 probes running, at most 79 s left for these", progress.ToString());
        Assert.Equal((0.4, true), (progress.Share, progress.IsCrowded));
    }

    [Fact]
    public void The_progress_without_targets_has_a_text()
    {
        TeardownProgress progress = new(0, 0, []);
        Assert.Equal((0.0, false, TimeSpan.Zero), (progress.Share, progress.IsCrowded, progress.Remaining));
    }

    [Fact]
    public void Every_probe_has_a_summary() => Assert.Equal(Enum.GetValues<TeardownProbeKind>(), TeardownProbes.All.Select(probe => probe.Probe));
}
