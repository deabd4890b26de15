using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Parameters;

namespace BrokenPipeTools.Commands;

/// <summary>Finds the scenarios with the user's names, which may contain wildcards. Each scenario is found once, in the order of the names.</summary>
internal static class ScenarioNames
{
    /// <param name="names">The names; null for all.</param>
    /// <param name="notFound">Receives a name that no scenario has.</param>
    public static IReadOnlyList<Scenario> Resolve(string[]? names, Action<string> notFound)
    {
        if (names is null)
            return ScenarioCatalog.All;
        List<Scenario> found = [];
        foreach (string name in names)
        {
            Scenario[] matches = [.. ScenarioCatalog.All.Where(scenario => NamePattern.Matches(name, scenario.Name))];
            if (matches.Length == 0)
                notFound(name);
            found.AddRange(matches.Where(scenario => !found.Contains(scenario)));
        }

        return found;
    }
}
