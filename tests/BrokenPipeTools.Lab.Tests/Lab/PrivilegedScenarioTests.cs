namespace BrokenPipeTools.Tests.Lab;

/// <summary>The two IP versions are two classes, so that they run in parallel: most of their time is waiting.</summary>
public sealed class PrivilegedScenarioTests
{
    [EveryPrivilegedFact]
    public void Every_scenario_is_run_by_these_tests() => Assert.Equal(PrivilegedRight.All, PrivilegedRight.Runnable);

    [PrivilegedTheory]
    [MemberData(nameof(Names))]
    public void A_scenario_has_the_expected_calls_packets_and_cause_over_IPv4(string name) => RanScenario.Of(name, ipv6: false).Check();

    public static TheoryData<string> Names() => [.. PrivilegedRight.Runnable.Select(scenario => scenario.Name)];
}

public sealed class PrivilegedScenarioIPv6Tests
{
    [PrivilegedTheory]
    [MemberData(nameof(Names))]
    public void A_scenario_has_the_expected_calls_packets_and_cause_over_IPv6(string name) => RanScenario.Of(name, ipv6: true).Check();

    public static TheoryData<string> Names() => PrivilegedScenarioTests.Names();
}
