using System.Buffers;
using System.Text;
using BrokenPipeTools.Closing;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// RFC 9293, section 3.6: both FINs. A RST after them, or in answer to nothing but the peer's TLS close_notify, takes nothing
/// away.
/// </summary>
internal sealed class NormalClose : CauseRule
{
    public override Cause Cause => Cause.NormalClose;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful, CloseState.Reset];

    public override string Summary => "Both sides closed, and nothing was lost.";

    public override string Advice => "";

    /// <summary>The sentence with the longest numbers that there are.</summary>
    private const int LongestUsual = 160;

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.Graceful ? Confidence.High : MeetsOnlyCloseNotify(facts) ? Confidence.Medium : null;

    public override string Explain(CloseFacts facts)
    {
        ArrayBufferWriter<byte> text = new(LongestUsual);
        Write(facts, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public override void Write(CloseFacts facts, IBufferWriter<byte> output)
    {
        if (facts.State == CloseState.Reset)
        {
            Encoding.UTF8.GetBytes($"{facts.NameFirst(facts.Resetter)} closed (frame {facts.FinFrame(facts.Resetter)}) without waiting for {facts.Name(facts.Victim)}'s TLS close_notify, which drew a RST (frame {facts.Frame(facts.ResetAt)}): benign, nothing was lost.", output);
            return;
        }

        Utf8Span text = new(output.GetSpan(LongestUsual));
        int first = First(facts);
        if (facts.ClosedBy == ClosedBy.Both)
            text.Append("Both sides closed at once (frames "u8).Append(facts.FinFrame(first)).Append(" and "u8).Append(facts.FinFrame(1 - first)).Append("), and nothing was lost."u8);
        else
            text.Append(facts.NameFirstUtf8(first)).Append(" closed (frame "u8).Append(facts.FinFrame(first)).Append("), then "u8).Append(facts.NameUtf8(1 - first)).Append(" (frame "u8).Append(facts.FinFrame(1 - first)).Append("), and nothing was lost."u8);
        output.Advance(text.Length);
        if (facts.ResetAt >= 0)
            Encoding.UTF8.GetBytes(ResetOrigin.Remark(facts) is { Length: > 0 } remark ? remark : $" The RST after that (frame {facts.Frame(facts.ResetAt)}) changes nothing.", output);
    }

    /// <summary>The RST answers nothing but the other side's TLS close_notify.</summary>
    private static bool MeetsOnlyCloseNotify(CloseFacts facts) => facts.ResetAt >= 0 && facts.Shape == ResetShape.Stateless
        && facts.SentFinBefore(facts.Resetter) && facts.SentOnlyTlsAlertAfterFin(facts.Victim);

    private static int First(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? 1 - facts.Client : facts.Client;
}
