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
    /// <summary>Pairs counted at the same time: about a megabyte.</summary>
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
        long[] counts = [.. _counts.Values.Select(count => count.Count)];
        Array.Sort(counts);
        long most = counts[(Capacity / 2) - 1];
        int spared = counts.AsSpan(Capacity / 2).LastIndexOf(most) + 1; // with as many connections, but in the other half
        foreach ((PairKey pair, SummaryCount count) in _counts)
        {
            if (count.Count < most || (count.Count == most && spared-- <= 0))
                _counts.Remove(pair);
        }
    }
}
