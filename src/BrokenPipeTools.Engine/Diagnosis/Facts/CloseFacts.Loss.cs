using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Facts about retransmissions that were not acknowledged.</summary>
internal sealed partial class CloseFacts
{
    /// <summary>
    /// The end whose kernel has given up on its retransmissions, or will. If there is none, the end that sent more segments without an answer.
    /// </summary>
    public int Unanswered => GivenUp >= 0 ? GivenUp : Connection.Side(0).Unanswered >= Connection.Side(1).Unanswered ? 0 : 1;

    /// <summary>The end whose kernel has given up on its retransmissions, or will; -1 if there is none.</summary>
    public int GivenUp => Delivery.IsGivenUp(Connection, 0) ? 0 : Delivery.IsGivenUp(Connection, 1) ? 1 : -1;

    /// <summary>The place of the first one of the last retransmissions, which are all of one end.</summary>
    public LogPlace FirstOfLastRetransmissions
    {
        get
        {
            LogPlace first = LogPlace.None;
            for (int i = Connection.Log.Kept - 1; i >= 0; i--)
            {
                ref readonly Observation o = ref Connection.Log.Get(i);
                if (o.IsIcmp)
                    continue;
                if (o.Sender != Unanswered || o.Kind is not (ObservationKind.Retransmission or ObservationKind.KeepAlive))
                    break;
                first = new LogPlace(i);
            }

            return first;
        }
    }

    /// <summary>
    /// The longest silence in seconds, if it lies before the last retransmissions; 0 if it is an interval between two of them. Those intervals are
    /// about a second at first, and double each time.
    /// </summary>
    public double SilenceBeforeRetransmissions
    {
        get
        {
            LogPlace first = FirstOfLastRetransmissions;
            double longestInterval = 0;
            for (int i = first.Index + 1; first.Exists && i < Connection.Log.Kept; i++)
                longestInterval = Math.Max(longestInterval, Between(new LogPlace(i - 1), new LogPlace(i)));
            double longest = Nanoseconds.ToSeconds(Connection.MaxGap);
            return first.Exists && longest > longestInterval * 1.5 && !Connection.IsDoubtful(Connection.MaxGap) ? longest : 0;
        }
    }

    /// <summary>Returns whether the other side sent anything after a place in the log. An ICMP error that quotes the other side does not count.</summary>
    public bool CameFromPeerSince(LogPlace at, int end)
    {
        for (int i = at.Index + 1; i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender != end && !o.IsIcmp)
                return true;
        }

        return false;
    }

    /// <summary>Whether the next call of either side returns ETIMEDOUT.</summary>
    public bool HasTimedOut => MayHaveTimedOut && (ResultsAt(0).Has(CallResult.TimedOut) || ResultsAt(1).Has(CallResult.TimedOut));

    /// <summary>Whether a side retransmitted or probed. Without that, nothing can time out, and the results of the calls need not be computed for it.</summary>
    private bool MayHaveTimedOut => Connection.Side(0).Has(SideMarks.Repeated) || Connection.Side(1).Has(SideMarks.Repeated) || Find(ObservationKind.KeepAlive, 0).Exists || Find(ObservationKind.KeepAlive, 1).Exists;

    /// <summary>Whether one of the sides had retransmitted its last segment, and no acknowledgment came before the close.</summary>
    public bool WaitsForAcknowledgment => Delivery.UnackedRetransmissions(Connection, 0).Count >= SocketView.RepeatsUntilGivenUp
        || Delivery.UnackedRetransmissions(Connection, 1).Count >= SocketView.RepeatsUntilGivenUp;
}
