using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Summaries;

/// <summary>
/// Counts connections by the pair of client address and server endpoint. The table is bounded: if it is full, the half with the fewest connections is
/// removed. So a count may be too low, and a pair that is rare in a long capture may be missing.
/// </summary>
internal sealed class PairCounts
{
    /// <summary>The most pairs that are counted at the same time. They need about a megabyte.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<PairKey, int> _places = new(Capacity, new PacketKeyComparer<PairKey>()); // the index of each pair in _counts
    private readonly SummaryCount[] _counts = new SummaryCount[Capacity];
    private readonly Stack<int> _free = new(Capacity); // indexes of removed pairs

    /// <summary>Returns the count of a pair. It is valid until the next call.</summary>
    public ref SummaryCount this[in PairKey pair]
    {
        get
        {
            if (_places.TryGetValue(pair, out int place))
                return ref _counts[place];
            if (_places.Count == Capacity)
                GiveUpHalf();
            if (!_free.TryPop(out place))
                place = _places.Count;
            _places.Add(pair, place);
            ref SummaryCount count = ref _counts[place];
            count = default;
            return ref count;
        }
    }

    /// <summary>Returns the lines of the largest counts.</summary>
    public IEnumerable<SummaryLine> Largest(int most, long connections) =>
        CloseTally.LargestFirst(_places.Select(pair => _counts[pair.Value].ToLine(SummaryGroup.Pair, pair.Key.ToString(), connections))).Take(most);

    private void GiveUpHalf()
    {
        long[] counts = Array.ConvertAll(_counts, count => count.Count); // the table is full
        Array.Sort(counts);
        long most = counts[(Capacity / 2) - 1];
        int spared = counts.AsSpan(Capacity / 2).LastIndexOf(most) + 1; // pairs with the same count as the largest removed ones that belong to the half that is kept
        foreach ((PairKey pair, int place) in _places)
        {
            long count = _counts[place].Count;
            if (count > most || (count == most && spared-- > 0))
                continue;
            _places.Remove(pair);
            _free.Push(place);
        }
    }
}
