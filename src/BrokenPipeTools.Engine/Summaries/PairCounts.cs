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

    private readonly Dictionary<PairKey, int> _places = new(Capacity, new PacketKeyComparer<PairKey>()); // of each pair the place in the next
    private readonly SummaryCount[] _counts = new SummaryCount[Capacity];
    private readonly Stack<int> _free = new(Capacity); // places that were given up

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
        long[] counts = Array.ConvertAll(_counts, count => count.Count); // all places are taken
        Array.Sort(counts);
        long most = counts[(Capacity / 2) - 1];
        int spared = counts.AsSpan(Capacity / 2).LastIndexOf(most) + 1; // with as many connections, but in the other half
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
