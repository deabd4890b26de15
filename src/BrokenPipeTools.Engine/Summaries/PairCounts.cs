using System.Runtime.InteropServices;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Summaries;

/// <summary>
/// The pairs of client address and server endpoint with most trouble. Bounded: if there are too many, the half with the fewest
/// connections is given up, so a count can then be too low, and a pair that is spread thin over a long capture can be missing.
/// </summary>
internal sealed class PairCounts
{
    /// <summary>Pairs counted at once: about a megabyte.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<PairKey, SummaryCount> _counts = new(Capacity, new PacketKeyComparer<PairKey>());

    /// <summary>Returns the count of a pair. It is valid until the next call.</summary>
    public ref SummaryCount this[in PairKey pair]
    {
        get
        {
            if (_counts.Count == Capacity && !_counts.ContainsKey(pair))
                GiveUpHalf();
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, pair, out _);
        }
    }

    /// <summary>Returns the lines of the largest counts.</summary>
    public IEnumerable<SummaryLine> Largest(int most, long connections) =>
        CloseTally.LargestFirst(_counts.Select(pair => pair.Value.ToLine(SummaryGroup.Pair, pair.Key.ToString(), connections))).Take(most);

    private void GiveUpHalf()
    {
        (long Count, PairKey Pair)[] counts = [.. _counts.Select(pair => (pair.Value.Count, pair.Key))];
        Array.Sort(counts, static (a, b) => a.Count.CompareTo(b.Count));
        foreach ((_, PairKey pair) in counts.AsSpan(0, Capacity / 2))
            _counts.Remove(pair);
    }
}
