using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the sentence on two FINs that were captured in the wrong order: the side of the later frame closed first.</summary>
internal static class OrderRemark
{
    /// <summary>Returns whether there may be such FINs; most connections have none that crossed.</summary>
    public static bool MayApply(Connection c) => ((c.Side(0).Marks | c.Side(1).Marks) & SideMarks.FinCrossed) != 0;

    /// <summary>Returns the sentence; empty if the order is right, or the cause mentions it.</summary>
    public static string Of(CloseFacts facts, Cause cause)
    {
        int late = MayApply(facts.Connection) && cause != Cause.NormalClose ? CloseClassifier.CapturedLate(facts.Connection) : -1;
        return late >= 0 ? $" {facts.NameFirst(1 - late)}'s FIN (frame {facts.FinFrame(1 - late)}) acknowledges that of {facts.Name(late)} (frame {facts.FinFrame(late)}): the frames are out of order." : "";
    }
}
