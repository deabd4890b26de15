using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis;

/// <summary>The sentence on a receive window that was shut for long before the connection closed, whatever closed it.</summary>
internal static class WindowRemark
{
    /// <summary>Seconds; a busy program opens its window sooner.</summary>
    private const double Long = 5;

    /// <summary>Whether the window of a side was shut to the end; most connections have nothing to look for.</summary>
    public static bool MayApply(Connection c) => (c.Side(0).Marks | c.Side(1).Marks).HasFlag(SideMarks.ZeroWindow) && c.Close.HasBegun;

    /// <summary>Returns the sentence; empty if there is no such window, or the cause names it.</summary>
    public static string Of(in Finding finding)
    {
        CloseFacts facts = finding.Facts;
        Connection c = facts.Connection;
        if (!MayApply(c) || finding.Rule.Cause == Cause.ZeroWindowStall)
            return "";
        ref readonly ObservationLog log = ref c.Log;
        int closing = log.IndexOf(c.ClosingIndex);
        if (closing >= log.Kept)
            return "";
        for (int i = closing - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Kind == ObservationKind.ZeroWindow && c.Side(o.Sender).Has(SideMarks.ZeroWindow))
                return facts.Between(i, closing) is >= Long and var seconds
                    ? $" Before that, {facts.Name(o.Sender)} had not read for {Words.Seconds(seconds)}: its window was shut (frame {facts.Frame(i)})."
                    : "";
        }

        return "";
    }
}
