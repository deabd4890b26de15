using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.Tests.Live;
using BrokenPipeTools.Tests.Scenarios;

namespace BrokenPipeTools.Tests.Diagnosis;

/// <summary>
/// The lab names the cause of each of its connections; the diagnosis, which sees only the packets, must come to the same, or have
/// it first among the alternatives and not be sure.
/// </summary>
public sealed class ScenarioDiagnosisTests
{
    public static TheoryData<string, bool> Plays
    {
        get
        {
            TheoryData<string, bool> plays = [];
            foreach (bool ipv6 in new[] { false, true })
            {
                foreach (Scenario scenario in ScenarioCatalog.All.Where(s => s.Packets.Count > 0 && ScenarioCatalog.Missing(s, ipv6) is null))
                    plays.Add(scenario.Name, ipv6);
            }

            return plays;
        }
    }

    [LiveTheory]
    [MemberData(nameof(Plays))]
    public void The_cause_a_scenario_names_is_found_in_its_packets(string name, bool ipv6)
    {
        ScenarioPlay play = ScenarioPlay.Of(name, ipv6);
        Assert.Equal(play.Scenario.Packets.Count, play.Result.Connections.Count);
        foreach ((ExpectedClose expected, ConnectionClose seen) in play.Scenario.Packets.Zip(play.Result.Connections))
        {
            string told = $"{seen.Sequence}: {seen.Cause} ({seen.Confidence}), not {expected.Cause}; or {string.Join(", ", seen.Alternatives.Select(a => a.Cause))}\n{seen.Explanation}";
            bool isFirst = seen.Cause == expected.Cause;
            bool isFirstAlternative = seen.Confidence != Confidence.High && seen.Alternatives.Count > 0 && seen.Alternatives[0].Cause == expected.Cause;
            Assert.True(isFirst || isFirstAlternative, told);
            Assert.NotEmpty(seen.Explanation);
        }
    }
}
