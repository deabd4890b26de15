using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Closing;

internal static class ResetShapes
{
    /// <summary>
    /// The marks of a RST without ACK that its host sent on its own account: a live socket was aborted. Windows until Server 2003 and Apple's mobile
    /// systems send such RSTs.
    /// </summary>
    private const ObservationMarks OwnAccount = ObservationMarks.Unasked | ObservationMarks.ContinuesHeader;

    public static ResetShape Of(in Observation reset, in Side sender) => (reset.Flags & TcpFlags.Ack) == 0
        ? (reset.Marks & OwnAccount) == OwnAccount ? ResetShape.Active : ResetShape.Stateless
        : sender.Has(SideMarks.AnyButReset) ? ResetShape.Active : ResetShape.ToSyn;

    /// <summary>
    /// Returns whether the RST at a place in the log answers payload for which there was no socket: the payload came after the FIN of the RST's
    /// sender, and that sender never acknowledged it. Stacks other than Linux set ACK and a window in every RST.
    /// </summary>
    public static bool AnswersDataAfterFin(Connection c, LogPlace reset)
    {
        int end = c.Log.Get(reset).Sender;
        if (!c.Side(end).FinAt.Exists || (Closing.UnackedPayload.Of(c, 1 - end) ?? 0) == 0)
            return false;
        bool isRecent = false;
        for (int i = reset.Index - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.Kind == ObservationKind.Fin)
                return isRecent;
            isRecent |= o.Sender != end && o.Length > 0 && !o.IsIcmp && c.Log.Get(reset).Time - o.Time <= CloseWatch.LongestAnswer;
        }

        return false;
    }
}
