using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>
/// The lab knows the cause of each of its connections. The diagnosis, which has only the packets, must find the same cause, or have it as the first
/// alternative and not be certain. The two IP versions are two classes, so that they run in parallel.
/// </summary>
public sealed class ScenarioDiagnosisTests
{
    [LiveTheory]
    [MemberData(nameof(Names))]
    public void The_cause_a_scenario_names_is_found_in_its_packets_over_IPv4(string name) => Check(RanScenario.Of(name, ipv6: false));

    public static TheoryData<string> Names() => WithPackets(ipv6: false);

    internal static TheoryData<string> WithPackets(bool ipv6) => [.. ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && s.Missing(ipv6) is null).Select(s => s.Name)];

    internal static void Check(RanScenario ran)
    {
        Assert.Equal(ran.Scenario.Packets.Count, ran.Result.Connections.Count);
        foreach ((ExpectedClose expected, ConnectionClose seen) in ran.Scenario.Packets.Zip(ran.Result.Connections))
        {
            string description = $"{seen.Sequence}: {seen.Cause} ({seen.Confidence}), not {expected.Cause}; or {string.Join(", ", seen.Alternatives.Select(a => a.Cause))}\n{seen.Explanation}";
            bool isFirst = seen.Cause == expected.Cause;
            bool isFirstAlternative = seen.Confidence != Confidence.High && seen.Alternatives.Count > 0 && seen.Alternatives[0].Cause == expected.Cause;
            Assert.True(isFirst || isFirstAlternative, description);
            Assert.NotEmpty(seen.Explanation);
        }
    }
}

public sealed class ScenarioDiagnosisIPv6Tests
{
    [LiveTheory]
    [MemberData(nameof(Names))]
    public void The_cause_a_scenario_names_is_found_in_its_packets_over_IPv6(string name) => ScenarioDiagnosisTests.Check(RanScenario.Of(name, ipv6: true));

    public static TheoryData<string> Names() => ScenarioDiagnosisTests.WithPackets(ipv6: true);
}
