using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;

namespace BrokenPipeTools.Tests.Lab;

/// <summary>The two IP versions are two classes, so that they run in parallel: most of their time is waiting.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_has_the_expected_calls_packets_and_cause_over_IPv4(string name) => RanScenario.Of(name, ipv6: false).Check();

    public static TheoryData<string> Names() => [.. Runnable(ipv6: false).Select(s => s.Name)];

    internal static IEnumerable<Scenario> Runnable(bool ipv6) =>
        ScenarioCatalog.All.Where(s => !s.Needs.HasFlag(ScenarioNeeds.Root) && s.Missing(ipv6) is null);
}

public sealed class ScenarioIPv6Tests
{
    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_has_the_expected_calls_packets_and_cause_over_IPv6(string name) => RanScenario.Of(name, ipv6: true).Check();

    public static TheoryData<string> Names() => [.. ScenarioTests.Runnable(ipv6: true).Where(s => s.Packets.Count > 0).Select(s => s.Name)];
}
