using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Facts about retransmissions that were not acknowledged.</summary>
internal sealed partial class CloseFacts
{
    /// <summary>The end whose kernel has given up on its retransmissions, or will; if there is none, the end that sent more segments without an answer.</summary>
    public int Unanswered => GivenUp >= 0 ? GivenUp : Connection.Side(0).Unanswered >= Connection.Side(1).Unanswered ? 0 : 1;

    /// <summary>The end whose kernel has given up on its retransmissions, or will; -1 for none.</summary>
    public int GivenUp => Delivery.IsGivenUp(Connection, 0) ? 0 : Delivery.IsGivenUp(Connection, 1) ? 1 : -1;

    /// <summary>The end that sent the last retransmissions in the log, and the place where the run begins; -1 for none.</summary>
    public int FirstOfLastRetransmissions
    {
        get
        {
            int first = -1;
            for (int i = Connection.Log.Kept - 1; i >= 0; i--)
            {
                ref readonly Observation o = ref Connection.Log.Get(i);
                if (o.IsIcmp)
                    continue;
                if (o.Sender != Unanswered || o.Kind is not (ObservationKind.Retransmission or ObservationKind.KeepAlive))
                    break;
                first = i;
            }

            return first;
        }
    }

    /// <summary>
    /// Seconds of the longest silence, if it lies before the last retransmissions and is not an interval between two of them; otherwise 0. Those
    /// intervals are about a second at first, and double each time.
    /// </summary>
    public double SilenceBeforeRetransmissions
    {
        get
        {
            int first = FirstOfLastRetransmissions;
            double longestInterval = 0;
            for (int i = first + 1; first >= 0 && i < Connection.Log.Kept; i++)
                longestInterval = Math.Max(longestInterval, Between(i - 1, i));
            double longest = Nanoseconds.ToSeconds(Connection.MaxGap);
            return first >= 0 && longest > longestInterval * 1.5 ? longest : 0;
        }
    }

    /// <summary>Returns whether the other side sent anything after a place in the log; an ICMP error that quotes it does not count.</summary>
    public bool CameFromPeerSince(int at, int end)
    {
        for (int i = at + 1; i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender != end && !o.IsIcmp)
                return true;
        }

        return false;
    }

    /// <summary>Whether the next call of either side returns ETIMEDOUT.</summary>
    public bool HasTimedOut => MayHaveTimedOut && (ResultsAt(0).Has(CallResult.TimedOut) || ResultsAt(1).Has(CallResult.TimedOut));

    /// <summary>Whether a side retransmitted or probed; without that, nothing can time out.</summary>
    private bool MayHaveTimedOut => Connection.Side(0).Has(SideMarks.Repeated) || Connection.Side(1).Has(SideMarks.Repeated) || Find(ObservationKind.KeepAlive, 0) >= 0 || Find(ObservationKind.KeepAlive, 1) >= 0;

    /// <summary>Whether the side that closed, or the other side, had retransmitted its last segment, and no acknowledgment came before the close.</summary>
    public bool WaitsForAcknowledgment => Delivery.UnackedRetransmissions(Connection, 0).Count >= SocketView.RepeatsUntilGivenUp
        || Delivery.UnackedRetransmissions(Connection, 1).Count >= SocketView.RepeatsUntilGivenUp;
}
