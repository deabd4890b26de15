using System.Globalization;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Diagnoses the close of a connection on which the server had answered requests.</summary>
internal static class RaceDiagnosis
{
    public static ProbeFinding Of(TeardownObservation seen)
    {
        string how = seen.Mechanism == CloseMechanism.Fin ? "closed (FIN)" : "reset the connection";
        if (seen.RequestLost)
        {
            return new ProbeFinding(Cause.WriteAfterPeerClose, Confidence.Medium, $"{Answered(seen)}The server {how} without announcing it first; the next request was on its way and is lost ({seen.Read}){CloseDiagnosis.Tail(seen)}") { Advice = Advice(seen) }
                .Or(seen.Mechanism == CloseMechanism.Fin ? Cause.NormalClose : Cause.AbortiveClose, "the server may have ended the connection for another reason");
        }

        string announced = seen.Announced ? ", as the last answer had announced (Connection: close)" : "";
        string text = $"{Answered(seen)}The server {how} {Words.Seconds(seen.ClosedAfter!.Value.TotalSeconds)} after the last byte{announced}{CloseDiagnosis.Tail(seen)}";
        if (CloseDiagnosis.HasWaited(seen) && !seen.Announced)
            return CloseDiagnosis.IdleClose(seen, seen.Mechanism == CloseMechanism.Fin ? TimerMode.Fin : TimerMode.Reset, text) with { Advice = Advice(seen) };
        if (seen.Mechanism != CloseMechanism.Fin)
            return new ProbeFinding(Cause.AbortiveClose, Confidence.Medium, text) { Advice = Advice(seen) }.Or(Cause.MiddleboxReset, "a firewall may have sent the RST; a capture shows the sender");
        return new ProbeFinding(Cause.NormalClose, seen.Announced ? Confidence.High : Confidence.Medium, text) { Advice = Advice(seen) };
    }

    /// <summary>Returns "The server answered 100 requests on the connection. " for a KeepAliveRace; an empty text for other probes.</summary>
    public static string Answered(TeardownObservation seen) => seen.Requests switch
    {
        null => "",
        1 => "The server answered 1 request on the connection. ",
        { } count => string.Create(CultureInfo.InvariantCulture, $"The server answered {count} requests on the connection. "),
    };

    /// <summary>
    /// Returns the advice on the number of requests per connection in a client's pool; null if an idle time-out ended the connection
    /// (<see cref="IdleLimit"/>).
    /// </summary>
    private static string? Advice(TeardownObservation seen)
    {
        if (seen.Announced)
            return "The close is announced: a client that obeys Connection: close loses no request.";
        if (CloseDiagnosis.HasWaited(seen) && !seen.RequestLost)
            return null;
        if (seen.Requests is null or 0)
            return "The server closed before it had answered a request: send a request that it answers, to measure how many it answers and how long it then waits.";
        string how = seen.Requests == 1 ? "Let the client use a new connection for each request" : string.Create(CultureInfo.InvariantCulture, $"Let the client use a connection for fewer than {seen.Requests} requests");
        return $"{how}, or repeat idempotent requests (RFC 9110, section 9.2.2) on a new one. The idle limit was not measured: {(seen.Requests == 1 ? "the server does not leave the connection idle" : "with a lower MaxRequests the connection becomes idle before the server closes it")}.";
    }
}
