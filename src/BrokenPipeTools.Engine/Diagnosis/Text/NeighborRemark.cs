using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Diagnosis.Rules;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>Makes the last sentence of an explanation: the connections reported before that are related to it.</summary>
internal static class NeighborRemark
{
    public static string Of(in Finding finding) => finding.Facts.Connection.ClosedTogether > 0
        ? OfMoment(finding.Facts.Connection.ClosedTogether, finding.Rule.Cause)
        : finding.Facts.Neighbors is { } neighbors ? Of(neighbors, finding.Rule.Cause) : "";

    private static string OfMoment(int others, Cause cause) => cause is Cause.NormalClose or Cause.HalfClose or Cause.WriteAfterPeerClose or Cause.AbortiveClose or Cause.UnreadDataDiscarded
        ? $" The same host closed {others} more connections at the same moment, after idle times of different length: its program was restarted or reloaded, or closed all its connections."
        : "";

    private static string Of(CloseNeighbors n, Cause cause) => cause switch
    {
        Cause.IdleTimeout when n.SameSilence > 0 => OfSilence(n),
        Cause.IdleTimeout => OfSecond(n),
        Cause.NormalClose or Cause.HalfClose or Cause.WriteAfterPeerClose or Cause.AbortiveClose or Cause.UnreadDataDiscarded =>
            n.SameSecond > 0 ? OfSecond(n) : OfAge(n),
        _ => "",
    };

    private static string OfSilence(CloseNeighbors n) =>
        $" {n.SameSilence} connections to this server reported before this one were closed after the same idle time{(n.AgesDiffer ? ", at different ages" : "")}{(n.LongerSilenceOutlived ? "; but one connection stayed open through a longer idle time" : "")}.";

    private static string OfSecond(CloseNeighbors n) => n.SameSecond == 0 ? "" :
        $" The same address closed {n.SameSecond} more connections within one second of this one, reported before it: a restart, a deploy or a failover there is more likely than a reason that concerns only this connection.";

    private static string OfAge(CloseNeighbors n) => n.SameAge == 0 ? "" :
        $" {n.SameAge} connections to this server reported before this one were closed by the same side at the same age, {Words.Seconds(n.Age)} after the SYN: a maximum age of connections does that, or work that always takes this long.";
}
