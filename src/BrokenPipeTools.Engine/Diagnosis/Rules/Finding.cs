using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Reasons;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>The result of a diagnosis.</summary>
/// <param name="Rule">The cause.</param>
/// <param name="Confidence">How certain the cause is.</param>
/// <param name="Facts">The facts.</param>
internal readonly record struct Finding(CauseRule Rule, Confidence Confidence, CloseFacts Facts)
{
    /// <summary>
    /// Whether it is certain that a device between the two sides sent the first closing packet, and not the side whose address the packet has.
    /// </summary>
    public bool IsByNetwork => Confidence == Confidence.High && Facts.State is CloseState.Reset or CloseState.Refused && Rule.Cause is Cause.MiddleboxReset or Cause.StateExpired
        && !Facts.SentFinBefore(Facts.ResetSender) && Facts.ClosedBy == (Facts.ResetSender == Facts.Client ? ClosedBy.Client : ClosedBy.Server);

    /// <summary>Returns the explanation, with remarks about other connections.</summary>
    public Utf8Message Explain()
    {
        Utf8Message cause = Facts.HasTimedOut ? WithTimeout(Rule.Explain(Facts).ToString()) : Rule.Explain(Facts);
        if (RejectedReset.MayApply(Facts) || EarlierFin.MayApply(Facts, Rule.Cause))
            cause = WithUnnamedFrames(cause);
        return HasNoRemark ? cause : $"{cause}{WindowRemark.Of(this)}{BodyRemark.Of(this)}{ReasonRemark.Of(this)}{SubflowRemark.Of(Facts)}{NeighborRemark.Of(this)}{OrderRemark.Of(Facts, Rule.Cause)}";
    }

    /// <summary>
    /// Adds sentences about a FIN before the RST and about a RST that was not accepted, unless the explanation already contains the numbers of their
    /// frames.
    /// </summary>
    private Utf8Message WithUnnamedFrames(Utf8Message cause)
    {
        string text = cause.ToString();
        (long fin, string earlier) = EarlierFin.Of(Facts);
        if (!text.Contains($"frame {fin})", StringComparison.Ordinal))
            text += earlier;
        return $"{text}{RejectedReset.Of(Facts, text)}";
    }

    private bool HasNoRemark => Facts.Neighbors is null && !Facts.Connection.HasPayloadNotes && Facts.Connection.ClosedTogether == 0 && !WindowRemark.MayApply(Facts.Connection)
        && !OrderRemark.MayApply(Facts.Connection) && !Facts.Connection.IsSubflow;

    /// <summary>The advice for the reason that a side stated, or for an incomplete response; without either, the advice for the cause.</summary>
    public string Advice => ReasonAdvice.Of(Facts) ?? (Facts.IsResponseIncomplete ? BodyRemark.AdviceFor(Facts) : Rule.AdviceFor(Facts));

    /// <summary>Adds a sentence that a side's next call times out, if the explanation does not contain it.</summary>
    private Utf8Message WithTimeout(string cause)
    {
        for (int end = 0; end < 2 && !cause.Contains(CallResultText.TimedOut, StringComparison.Ordinal); end++)
        {
            if (Facts.ResultsAt(end).Has(CallResult.TimedOut))
                cause += (HadGivenUp(end) ? Facts.NextCall(end) : Facts.NextCallWhenGivenUp(end)).ToString();
        }

        return cause;
    }

    /// <summary>Returns whether a side had given up before the end of the capture: its host had no socket, or reset the connection.</summary>
    private bool HadGivenUp(int end) => Facts is { State: CloseState.Reset, ResetAt.Exists: true } && (Facts.ResetSender == end || Facts.Connection.Side(end).Has(SideMarks.Rst));

    /// <summary>A frame that proves the cause, with its meaning.</summary>
    /// <param name="At">The place of the frame in the log.</param>
    /// <param name="Shows">The meaning of the frame, in a few words.</param>
    internal readonly record struct Mark(LogPlace At, string Shows);
}
