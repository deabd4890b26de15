using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Summaries;

/// <summary>
/// Tests whether the share of a cause has changed. It is the two-proportion z test with a pooled share, two-sided, p below 0.01 (NIST/SEMATECH
/// e-Handbook of Statistical Methods, section 7.3.3).
/// </summary>
internal static class ShareTest
{
    /// <summary>The fewest connections with the cause, in the larger of the two counts, from which a conclusion is drawn.</summary>
    public const int Fewest = 5;

    /// <summary>The limit that a value of the normal distribution exceeds, on either side, with a probability of 0.01.</summary>
    private const double Critical = 2.5758293035489;

    /// <summary>Compares a count with an earlier one.</summary>
    /// <param name="count">The number of connections with the cause.</param>
    /// <param name="all">The number of all connections.</param>
    /// <param name="countBefore">The number of connections with the cause in the earlier summary.</param>
    /// <param name="allBefore">The number of all connections in the earlier summary.</param>
    public static ShareChange Compare(long count, long all, long countBefore, long allBefore)
    {
        if (count > 0 && countBefore == 0 && allBefore > 0)
            return ShareChange.New;
        if (all == 0 || allBefore == 0 || Math.Max(count, countBefore) < Fewest)
            return ShareChange.None;
        double pooled = (double)(count + countBefore) / (all + allBefore);
        double deviation = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / all) + (1.0 / allBefore)));
        double difference = ((double)count / all) - ((double)countBefore / allBefore);
        if (Math.Abs(difference) <= Critical * deviation)
            return ShareChange.None;
        return difference > 0 ? ShareChange.More : ShareChange.Less;
    }
}
