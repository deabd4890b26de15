using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tests.Probes;

/// <summary>The calls that are made before the first probe, so that they do not add to its times.</summary>
public sealed class WarmupTests
{
    [Fact]
    public async Task It_makes_the_calls_of_a_probe_and_sends_nothing()
    {
        IReadOnlyList<SocketStep> steps = await Warmup.RunAsync();

        SocketStep[] sends = [.. steps.Where(step => step.Call.StartsWith("send", StringComparison.Ordinal))];
        Assert.NotEmpty(sends);
        Assert.All(sends, step => Assert.True(step is { Errno: not null, Bytes: null }, step.ToString()));
        SocketStep[] receives = [.. steps.Where(step => step.Call == "recv")];
        Assert.Contains(receives, step => step.Result == "blocks"); // a call that waits
        Assert.Contains(receives, step => step.Errno is not null); // a call that fails
    }
}
