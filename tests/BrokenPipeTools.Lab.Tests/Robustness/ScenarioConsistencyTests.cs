using BrokenPipeTools.Testing.Judges;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tests.Lab;
using Xunit.Abstractions;

namespace BrokenPipeTools.Tests.Robustness;

/// <summary>No record of a scenario contradicts itself or its packets.</summary>
public sealed class ScenarioConsistencyTests(ITestOutputHelper output)
{
    [LiveFact]
    public void Records_of_every_scenario_agree_with_their_frames()
    {
        ConsistencyTally tally = new();
        foreach ((string name, byte[] capture) in RanScenario.Captures())
            tally.Add(name, capture);
        tally.Check(output);
    }
}
