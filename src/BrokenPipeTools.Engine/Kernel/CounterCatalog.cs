namespace BrokenPipeTools.Kernel;

/// <summary>All counters that have a description, in the order of listings: by group, and within a group the most important first.</summary>
internal static class CounterCatalog
{
    private static readonly Dictionary<(string Section, string Name), CounterMeaning> ByName;

    static CounterCatalog()
    {
        All = [.. new[] { AbortCounters.All, ResourceCounters.All, SegmentCounters.All }.SelectMany(some => some).OrderBy(one => one.Group)]; // the sort is stable
        ByName = All.ToDictionary(one => (one.Section, one.Name));
    }

    public static IReadOnlyList<CounterMeaning> All { get; }

    /// <summary>Finds the description of a counter. Returns null if the counter is unknown.</summary>
    public static CounterMeaning? Find(string section, string name) => ByName.GetValueOrDefault((section, name));
}
