using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.Tests.Live;

namespace BrokenPipeTools.Tests.Scenarios;

/// <summary>The two versions are two classes, so that they run beside each other: most of their time is waiting.</summary>
public sealed class PrivilegedScenarioTests
{
    [EveryPrivilegedFact]
    public void None_is_left_out() => Assert.Equal(PrivilegedRight.All, PrivilegedRight.Playable);

    [PrivilegedTheory]
    [MemberData(nameof(Names))]
    public void It_shows_what_it_names_over_IPv4(string name) => Play(name, ipv6: false);

    public static TheoryData<string> Names() => [.. PrivilegedRight.Playable.Select(scenario => scenario.Name)];

    internal static void Play(string name, bool ipv6)
    {
        Scenario scenario = ScenarioCatalog.All.Single(s => s.Name == name);

        ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6 });

        Assert.True(result.Passed, result.Problem + "\n" + string.Join('\n', result.Steps) + "\n" + string.Join('\n', result.Connections.Select(c => $"{c.State} {c.Sequence}")));
        Assert.Equal(Loopback.Obstacle is null, result.CaptureNote is null);
    }
}

public sealed class PrivilegedScenarioIPv6Tests
{
    [PrivilegedTheory]
    [MemberData(nameof(Names))]
    public void It_shows_what_it_names_over_IPv6(string name) => PrivilegedScenarioTests.Play(name, ipv6: true);

    public static TheoryData<string> Names() => PrivilegedScenarioTests.Names();
}
