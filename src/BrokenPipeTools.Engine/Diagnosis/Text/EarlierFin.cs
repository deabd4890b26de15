using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis.Facts;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the sentence on a FIN that came before the RST that ended the connection, for causes that do not mention it.</summary>
internal static class EarlierFin
{
    /// <summary>Returns whether there may be one that the cause has not mentioned: most connections have no RST, or no FIN before it.</summary>
    public static bool MayApply(CloseFacts facts, Cause cause) => facts.State == CloseState.Reset && facts.ResetAt.Exists
        && cause is not (Cause.WriteAfterPeerClose or Cause.DataAfterOwnClose or Cause.NormalClose)
        && (facts.SentFinBefore(0) || facts.SentFinBefore(1));

    /// <summary>Returns the frame of the first FIN and the sentence; 0 and an empty text if there is none before the RST.</summary>
    public static (long Frame, string Text) Of(CloseFacts facts)
    {
        if (facts.State != CloseState.Reset || !facts.ResetAt.Exists)
            return (0, "");
        int late = CloseClassifier.CapturedLate(facts.Connection);
        bool isOther = late >= 0 ? late == 1 : !facts.SentFinBefore(0) || (facts.SentFinBefore(1) && facts.FinFrame(1) < facts.FinFrame(0));
        int end = isOther ? 1 : 0;
        return facts.SentFinBefore(end)
            ? (facts.FinFrame(end), $" {facts.NameFirst(end)} had closed before that (FIN, frame {facts.FinFrame(end)}).")
            : (0, "");
    }
}
