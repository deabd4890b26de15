using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Finds a property that all unacknowledged retransmissions of a side share, and that no segment that arrived has.</summary>
/// <param name="Retransmissions">How often the first unacknowledged segment was retransmitted.</param>
/// <param name="FirstAt">The place in the log of its first retransmission.</param>
/// <param name="Lost">Payload bytes of the smallest of these retransmissions.</param>
/// <param name="Passed">Payload bytes of the largest segment that is known to have arrived; 0 if none is known.</param>
/// <param name="SmallerArrived">Whether a smaller segment that was sent after the lost one arrived (RFC 2018).</param>
internal readonly record struct LossPattern(int Retransmissions, LogPlace FirstAt, int Lost, int Passed, bool SmallerArrived)
{
    public static LossPattern Of(Connection c, int end)
    {
        ref readonly Side own = ref c.Side(end);
        ref readonly Side peer = ref c.Side(1 - end);
        if (own.Retransmissions == 0 || !peer.Has(SideMarks.HasAcknowledged))
            return new LossPattern(0, LogPlace.None, 0, 0, SmallerArrived: false);
        int count = 0, lost = int.MaxValue;
        LogPlace first = LogPlace.None;
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender != end || o.Kind != ObservationKind.Retransmission || o.Sequence != peer.Acknowledged || o.Length == 0)
                continue;
            first = count == 0 ? new LogPlace(i) : first;
            count++;
            lost = Math.Min(lost, (int)Math.Min(o.Length, int.MaxValue));
        }

        int passed = own.Passage.LargestPassed(peer.Acknowledged);
        uint sacked = own.Sack.Count;
        bool isBeyond = own.HasSack && own.Sack.Start.IsAfter(peer.Acknowledged);
        bool smallerArrived = count > 0 && isBeyond && sacked < lost;
        return new LossPattern(count, first, count == 0 ? 0 : lost, smallerArrived ? Math.Max(passed, (int)sacked) : passed, smallerArrived);
    }

    /// <summary>Whether all segments that arrived are smaller than the lost ones.</summary>
    public bool IsBySize => Retransmissions > 0 && Passed > 0 && Passed < Lost;

    /// <summary>The fewest segments of even length before the first one of odd length that are unlikely to be chance.</summary>
    private const int EnoughEven = 8;

    /// <summary>Returns a sentence if the first segment with an odd number of payload bytes was lost; otherwise an empty text.</summary>
    public static string DescribeParity(Connection c, int end)
    {
        int even = c.Side(end).Passage.EvenBeforeOdd(c.Side(1 - end).Acknowledged);
        string count = even < byte.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"{even}") : "255 or more";
        return even < EnoughEven ? "" : $" The {count} payload segments that arrived have an even length, and the lost one is the first with an odd length: a network card or a device on the path may compute checksums of odd lengths wrongly.";
    }

    /// <summary>
    /// Returns a sentence if lost and received segments differ in their type of service, such as " All that was lost has TOS 0x48, all that arrived
    /// has 0x00."; otherwise an empty text.
    /// </summary>
    public static string DescribeClass(Connection c, int end)
    {
        ref readonly Side peer = ref c.Side(1 - end);
        if (!peer.Has(SideMarks.HasAcknowledged) || c.Side(end).ClassesAround(peer.Acknowledged) is not { } classes)
            return "";
        string field = c.Key.IsIPv6 ? "traffic class" : "TOS";
        return string.Create(CultureInfo.InvariantCulture, $" All payload that was lost has {field} 0x{classes.Lost:x2}, all that arrived has 0x{classes.Passed:x2}: a device on the path may drop packets with that mark (DSCP).");
    }
}
