using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Tests.Live;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>
/// The lab names the cause of each of its connections; the diagnosis, which sees only the packets, must come to the same, or have
/// it first among the alternatives and not be sure.
/// </summary>
public sealed class ScenarioDiagnosisTests
{
    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && ScenarioCatalog.Missing(s) is null).Select(s => s.Name)];

    [LiveTheory]
    [MemberData(nameof(Scenarios))]
    public void The_cause_a_scenario_names_is_found_in_its_packets(string name)
    {
        Scenario scenario = ScenarioCatalog.All.Single(s => s.Name == name);
        ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { CaptureLibrary = CaptureLibrary.Instance });
        Assert.Equal(scenario.Packets.Count, result.Connections.Count);
        foreach ((ExpectedClose expected, ConnectionClose seen) in scenario.Packets.Zip(result.Connections))
        {
            string told = $"{seen.Sequence}: {seen.Cause} ({seen.Confidence}), not {expected.Cause}; or {string.Join(", ", seen.Alternatives.Select(a => a.Cause))}\n{seen.Explanation}";
            bool isFirst = seen.Cause == expected.Cause;
            bool isFirstAlternative = seen.Confidence != Confidence.High && seen.Alternatives.Count > 0 && seen.Alternatives[0].Cause == expected.Cause;
            Assert.True(isFirst || isFirstAlternative, told);
            Assert.NotEmpty(seen.Explanation);
        }
    }
}
