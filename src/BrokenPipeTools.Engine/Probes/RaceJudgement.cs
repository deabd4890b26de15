using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Judges the close of a connection on which the server had answered requests.</summary>
internal static class RaceJudgement
{
    public static Judgement Of(TeardownObservation seen)
    {
        string how = seen.Mechanism == CloseMechanism.Fin ? "closed (FIN)" : "reset the connection";
        if (seen.RequestLost)
        {
            return new Judgement(Cause.WriteAfterPeerClose, Confidence.Medium, $"{Answered(seen)}The server {how} without announcing it first; the next request was on its way and is lost ({seen.Read}){CloseJudgement.Tail(seen)}") { Advice = Advice(seen) }
                .Or(seen.Mechanism == CloseMechanism.Fin ? Cause.NormalClose : Cause.AbortiveClose, "the server may have ended the connection for another reason");
        }

        string announced = seen.Announced ? ", as the last answer had announced (Connection: close)" : "";
        string text = $"{Answered(seen)}The server {how} {Words.Seconds(seen.ClosedAfter!.Value.TotalSeconds)} after the last byte{announced}{CloseJudgement.Tail(seen)}";
        if (CloseJudgement.HasWaited(seen) && !seen.Announced)
            return CloseJudgement.IdleClose(seen, seen.Mechanism == CloseMechanism.Fin ? TimerMode.Fin : TimerMode.Reset, text) with { Advice = Advice(seen) };
        if (seen.Mechanism != CloseMechanism.Fin)
            return new Judgement(Cause.AbortiveClose, Confidence.Medium, text) { Advice = Advice(seen) }.Or(Cause.MiddleboxReset, "a firewall may have sent the RST; a capture shows the sender");
        return new Judgement(Cause.NormalClose, seen.Announced ? Confidence.High : Confidence.Medium, text) { Advice = Advice(seen) };
    }

    /// <summary>"The server answered 100 requests on the connection. "; nothing for other probes.</summary>
    public static string Answered(TeardownObservation seen) => seen.Requests switch
    {
        null => "",
        1 => "The server answered 1 request on the connection. ",
        { } count => string.Create(CultureInfo.InvariantCulture, $"The server answered {count} requests on the connection. "),
    };

    /// <summary>The number of requests below which a client's pool is to be set; null if it is idleness that ended the connection (<see cref="IdleLimit"/>).</summary>
    private static string? Advice(TeardownObservation seen)
    {
        if (seen.Announced)
            return "The close is announced: a client that obeys Connection: close loses no request.";
        return CloseJudgement.HasWaited(seen) && !seen.RequestLost
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Let the client use a connection for fewer than {Math.Max(1, seen.Requests ?? 1)} requests, or repeat idempotent requests (RFC 9110, section 9.2.2) on a new one. The idle limit was not measured: with a lower MaxRequests the connection becomes idle before the server closes it.");
    }
}
