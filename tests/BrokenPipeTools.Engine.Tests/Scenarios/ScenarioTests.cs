using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Tests.Scenarios;

public sealed class ScenarioTests
{
    public static TheoryData<string, bool> Unprivileged()
    {
        TheoryData<string, bool> cases = [];
        foreach (Scenario scenario in ScenarioCatalog.All.Where(s => !s.Needs.HasFlag(ScenarioNeeds.Root)))
        {
            cases.Add(scenario.Name, false);
            if (scenario.Packets.Count > 0)
                cases.Add(scenario.Name, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Unprivileged))]
    public void It_shows_what_it_names(string name, bool ipv6)
    {
        Scenario scenario = ScenarioCatalog.All.Single(s => s.Name == name);
        if (ScenarioCatalog.Missing(scenario) is not null)
            return;

        ScenarioResult result = ScenarioRunner.Run(scenario, new ScenarioOptions { IPv6 = ipv6 });

        Assert.True(result.Passed, result.Problem + "\n" + string.Join('\n', result.Steps) + "\n" + string.Join('\n', result.Connections.Select(c => $"{c.State} {c.Sequence}")));
    }
}
