using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>
/// Counts connections by cause, state, closer, service and pair. It keeps no records, and makes texts only for the few examples, so its memory is
/// bounded. Not thread-safe.
/// </summary>
public sealed class CloseTally
{
    private readonly SummaryCount[] _causes = new SummaryCount[Enum.GetValues<Cause>().Length];
    private readonly SummaryCount[] _states = new SummaryCount[Enum.GetValues<CloseState>().Length];
    private readonly SummaryCount[] _closers = new SummaryCount[Enum.GetValues<ClosedBy>().Length];
    private readonly Dictionary<int, int> _services = []; // the index of each port in the list below
    private readonly PairCounts _pairs = new();
    private SummaryCount[] _serviceCounts = new SummaryCount[16];
    private SummaryCount _total;

    /// <summary>The number of connections that were counted.</summary>
    public long Connections => _total.Count;

    /// <summary>Counts a record. The record is not kept, and may be returned to its pool.</summary>
    public void Add(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        Count(new RecordedClose(record));
    }

    /// <summary>Counts a record that was saved or sent.</summary>
    internal void Add(in CountedClose record) => Count(record);

    /// <summary>Counts the connections of some causes.</summary>
    public long CountOf(IEnumerable<Cause> causes) => causes.Sum(cause => _causes[(int)cause].Count);

    /// <summary>
    /// Makes the summary of the connections that were counted so far: first the total, then the groups, in each group the largest count first.
    /// </summary>
    /// <param name="top">The most lines for services, and the most lines for pairs.</param>
    /// <param name="reference">An earlier summary to compare with; null if there is none.</param>
    public IReadOnlyList<SummaryLine> Summarize(int top, SummaryReference? reference = null)
    {
        IEnumerable<SummaryLine> causes = LinesOf(SummaryGroup.Cause, _causes, value => ((Cause)value).ToString());
        SummaryLine[] compared = [_total.ToLine(SummaryGroup.Total, "Connections", Connections), .. causes];
        return
        [
            .. reference?.Compare(compared) ?? compared,
            .. LinesOf(SummaryGroup.State, _states, value => ((CloseState)value).ToString()),
            .. LinesOf(SummaryGroup.ClosedBy, _closers, value => ((ClosedBy)value).ToString()),
            .. LargestFirst(_services.Select(one => _serviceCounts[one.Value].ToLine(SummaryGroup.Service, one.Key.ToString(CultureInfo.InvariantCulture), Connections))).Take(top),
            .. _pairs.Largest(top, Connections),
        ];
    }

    /// <summary>
    /// Returns whether a program failed, or may have failed. Any cause counts except a proper close, a probe and an open connection. An idle time-out
    /// and an undetermined cause count only if the connection was cut off.
    /// </summary>
    internal static bool IsTroubled(Cause cause, CloseState state) => cause switch
    {
        Cause.NormalClose or Cause.HalfClose or Cause.HealthProbe or Cause.StillOpen => false,
        Cause.IdleTimeout or Cause.Undetermined => state is CloseState.Reset or CloseState.Refused or CloseState.Unanswered or CloseState.TimedOut,
        _ => true,
    };

    /// <summary>Orders lines by their counts; lines with the same count by their names.</summary>
    internal static IEnumerable<SummaryLine> LargestFirst(IEnumerable<SummaryLine> lines) => lines.OrderByDescending(line => line.Count).ThenBy(line => line.Name, StringComparer.Ordinal);

    private void Count<T>(in T close)
        where T : struct, ICountedClose
    {
        (Cause cause, CloseState state) = (close.Cause, close.State);
        bool isTroubled = IsTroubled(cause, state);
        PairKey pair = close.Pair;
        _total.Add(close, isTroubled);
        _causes[(int)cause].Add(close, isTroubled);
        _states[(int)state].Add(close, isTroubled);
        _closers[(int)close.ClosedBy].Add(close, isTroubled);
        Service(pair.Server.Port).Add(close, isTroubled);
        if (isTroubled)
            _pairs[pair].Add(close, isTroubled);
    }

    private ref SummaryCount Service(int port)
    {
        if (!_services.TryGetValue(port, out int at))
        {
            _services[port] = at = _services.Count;
            if (at == _serviceCounts.Length)
                Array.Resize(ref _serviceCounts, at * 2);
        }

        return ref _serviceCounts[at];
    }

    private IEnumerable<SummaryLine> LinesOf(SummaryGroup group, SummaryCount[] counts, Func<int, string> name) =>
        LargestFirst(Enumerable.Range(0, counts.Length).Where(value => counts[value].Count > 0).Select(value => counts[value].ToLine(group, name(value), Connections)));
}
