using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the sentence on a receive window that was closed for long before the connection ended, whatever ended it.</summary>
internal static class WindowRemark
{
    /// <summary>Seconds. A busy program opens its window sooner than this.</summary>
    public const double Long = 5;

    /// <summary>Returns whether the window of a side was closed at the end; for most connections there is nothing to find.</summary>
    public static bool MayApply(Connection c) => (c.Side(0).Marks | c.Side(1).Marks).HasFlag(SideMarks.ZeroWindow) && c.Close.HasBegun;

    /// <summary>Returns the sentence; empty if there is no such window, or the cause mentions it.</summary>
    public static string Of(in Finding finding)
    {
        CloseFacts facts = finding.Facts;
        LogPlace at = finding.Rule.Cause == Cause.ZeroWindowStall ? LogPlace.None : FindShut(facts);
        return at.Exists ? $" Before that, {facts.Name(facts.Connection.Log.Get(at).Sender)} had not read for {Words.Seconds(facts.Between(at, Closing(facts)))}: its window was zero (frame {facts.Frame(at)})." : "";
    }

    /// <summary>Returns the place in the log at which the window was closed for long, until the closing.</summary>
    /// <param name="facts">The connection.</param>
    /// <param name="least">The shortest time that counts, in seconds.</param>
    public static LogPlace FindShut(CloseFacts facts, double least = Long)
    {
        Connection c = facts.Connection;
        LogPlace closing = MayApply(c) ? Closing(facts) : LogPlace.None;
        for (int i = closing.Index >= c.Log.Kept ? -1 : closing.Index - 1; i >= 0; i--)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Kind == ObservationKind.ZeroWindow && c.Side(o.Sender).Has(SideMarks.ZeroWindow))
                return facts.Between(new LogPlace(i), closing) >= least ? new LogPlace(i) : LogPlace.None;
        }

        return LogPlace.None;
    }

    private static LogPlace Closing(CloseFacts facts) => new(facts.Connection.Log.IndexOf(facts.Connection.ClosingIndex));
}
