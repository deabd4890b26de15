using System.Diagnostics;

namespace BrokenPipeTools.Kernel;

/// <summary>All counters of TCP in one network namespace at one time.</summary>
public sealed class TcpCounterReading
{
    private readonly IReadOnlyList<CounterValue> _values;
    private readonly CounterLimits _limits;
    private readonly string? _networkNamespace;
    private readonly long _ticks;

    internal TcpCounterReading(IReadOnlyList<CounterValue> values, CounterLimits limits, string? networkNamespace, DateTime time, long ticks)
    {
        _values = values;
        _limits = limits;
        _networkNamespace = networkNamespace;
        Time = time;
        _ticks = ticks;
    }

    /// <summary>The time when the counters were read (UTC).</summary>
    public DateTime Time { get; }

    /// <summary>
    /// Lists the counters by group, within a group the most important first. Counters without a description come last, in the kernel's order.
    /// </summary>
    /// <param name="earlier">An earlier reading, so that each counter has its change; null if there is none.</param>
    public IReadOnlyList<TcpAbortCounter> List(TcpCounterReading? earlier = null)
    {
        Dictionary<(string, string), long> before = [];
        foreach (CounterValue value in earlier?._values ?? [])
            before.TryAdd((value.Section, value.Name), value.Value);
        double? duration = earlier is null ? null : Stopwatch.GetElapsedTime(earlier._ticks, _ticks).TotalSeconds;
        Dictionary<(string Section, string Name), CounterValue> now = [];
        foreach (CounterValue value in _values)
            now.TryAdd((value.Section, value.Name), value);
        IEnumerable<CounterValue> known = CounterCatalog.All.Select(one => (one.Section, one.Name)).Where(now.ContainsKey).Select(key => now[key]);
        return [.. known.Concat(now.Values.Where(value => CounterCatalog.Find(value.Section, value.Name) is null)).Select(value => Describe(value, ChangeOf(value), duration))];

        long? ChangeOf(CounterValue value) => before.TryGetValue((value.Section, value.Name), out long then) ? value.Value - then : null;
    }

    private TcpAbortCounter Describe(CounterValue value, long? change, double? duration)
    {
        CounterMeaning? meaning = CounterCatalog.Find(value.Section, value.Name);
        return new TcpAbortCounter
        {
            Name = value.Name,
            Group = meaning?.Group ?? TcpCounterGroup.Other,
            Value = value.Value,
            Change = change,
            Limit = _limits.Find(value),
            Meaning = meaning?.Meaning ?? "",
            Indicates = meaning?.Indicates ?? "",
            KernelFunction = meaning?.KernelFunction ?? "",
            Section = value.Section,
            NetworkNamespace = _networkNamespace,
            Time = Time,
            Duration = duration,
        };
    }
}
