using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Diagnoses a connection that the peer did not close.</summary>
internal static class OpenDiagnosis
{
    public static ProbeFinding Of(TeardownObservation seen) => seen switch
    {
        { Unread: > 0 } => UnreadClose(seen),
        { ClosedFirst: true } => Ignored(seen),
        { CloseNotify: true } => new ProbeFinding(Cause.StillOpen, Confidence.High, $"{RaceDiagnosis.Answered(seen)}{TookLeave} It had not closed TCP {Open(seen)}: some servers wait for the close_notify of this side first.{Lives(seen)}")
        {
            Advice = "A client that receives close_notify must send its own close_notify and close (RFC 5246, section 7.2.1): if it waits for the FIN, both sides may keep the connection open.",
        },
        _ => new ProbeFinding(Cause.StillOpen, Confidence.High, $"{RaceDiagnosis.Answered(seen)}The peer had not closed {Open(seen)}.{Lives(seen)}"),
    };

    /// <summary>Returns the finding for a failed TLS handshake, which does not show how the server closes.</summary>
    public static ProbeFinding WithoutTls(TeardownObservation seen)
    {
        string end = seen.Mechanism switch
        {
            CloseMechanism.Fin => " The server then closed (FIN).",
            CloseMechanism.None => " The server has not closed.",
            _ => $" The connection then ended with {seen.Read}.",
        };
        return new ProbeFinding(Cause.Undetermined, Confidence.Medium, $"The TLS handshake failed: {seen.TlsError!.TrimEnd('.')}.{end}")
        {
            Advice = "Check that the port uses TLS, that it accepts this name (TlsName), and which TLS versions it accepts.",
        };
    }

    /// <summary>Names the event from which times are counted.</summary>
    public static string Since(TeardownObservation seen) => seen.BytesBeforeClose > 0 ? "the last byte" : "the connect";

    private const string TookLeave = "The peer sent close_notify (TLS).";

    private static string Open(TeardownObservation seen) => $"{Words.Seconds(seen.Waited.TotalSeconds)} after {Since(seen)}{(seen.Cancelled ? ", when the probe was stopped" : "")}";

    private static string Lives(TeardownObservation seen) => seen.Acknowledged == true ? " It still answers: the connection is open." : "";

    private static ProbeFinding Ignored(TeardownObservation seen) =>
        new ProbeFinding(Cause.HalfClose, Confidence.Low, $"The peer did not close within {Words.Seconds(seen.Waited.TotalSeconds)} of this side's FIN: it ignores the half-close, or is not finished yet.{(seen.CloseNotify == true ? " " + TookLeave : "")}")
        {
            Advice = "A program that does not close after end of file leaks sockets in CLOSE_WAIT: look for them on the server (ss -tn state close-wait).",
        };

    private static ProbeFinding UnreadClose(TeardownObservation seen)
    {
        string after = seen.Reconnect switch
        {
            null => "",
            "ok" => " The server accepted a new connection after that.",
            { } result => $" A new connection to it failed after that ({result}).",
        };
        return new ProbeFinding(Cause.UnreadDataDiscarded, Confidence.High, $"This side closed with {seen.Unread} bytes unread: its kernel sent RST in place of FIN, and the server's next call gets ECONNRESET.{after}")
        {
            Advice = "The probe did this on purpose. The server's log shows if the server handles it well.",
        };
    }
}
