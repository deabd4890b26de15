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

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Graceful];

    public override string Summary => "Both sides closed, and nothing was lost.";

    public override string Advice => "";

    /// <summary>The sentence with the longest numbers that there are.</summary>
    private const int LongestUsual = 160;

    public override Confidence? Judge(CloseFacts facts) => facts.State == CloseState.Graceful ? Confidence.High : null;

    public override string Explain(CloseFacts facts)
    {
        ArrayBufferWriter<byte> text = new(LongestUsual);
        Write(facts, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public override void Write(CloseFacts facts, IBufferWriter<byte> output)
    {
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

    private static int First(CloseFacts facts) => facts.ClosedBy == ClosedBy.Server ? 1 - facts.Client : facts.Client;
}
