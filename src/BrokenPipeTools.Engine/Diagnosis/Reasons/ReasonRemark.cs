using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Makes the sentence of an explanation that contains the reasons which the sides stated.</summary>
internal static class ReasonRemark
{
    /// <summary>Returns the sentence; empty if no reason is worth mentioning.</summary>
    public static string Of(in Finding finding)
    {
        CloseFacts facts = finding.Facts;
        if (!facts.Connection.HasPayloadNotes)
            return "";
        return (facts.HasReasons ? OfEnd(finding, 1 - facts.Client) + OfEnd(finding, facts.Client) : "") + OfLastError(facts) + OfWebSocket(finding);
    }

    /// <summary>Returns the sentence about a last response with an error of the server, after which the connection could still be used.</summary>
    private static string OfLastError(CloseFacts facts) => facts.LastServerError is { At.Exists: true } error && ReasonText.Of(error, facts.ServerPort) is { } text
        ? $" {facts.NameFirst(1 - facts.Client)}'s last response was {text} (frame {facts.FrameOf(error)})."
        : "";

    /// <summary>Returns the sentence about a WebSocket that ended without a Close frame, if it was closed with FIN.</summary>
    private static string OfWebSocket(in Finding finding) => finding.Rule.Cause == Cause.NormalClose && finding.Facts.IsWebSocketWithoutClose
        ? $" The connection is a WebSocket (frame {finding.Facts.FrameOf(finding.Facts.Connection.ReasonOf(1 - finding.Facts.Client))}), and no segment with a Close frame came before the FIN: the program may have ended without closing it (code 1006)."
        : "";

    private static string OfEnd(in Finding finding, int end)
    {
        CloseFacts facts = finding.Facts;
        StatedReason stated = facts.ReasonOf(end);
        if (ReasonText.Of(stated, facts.ServerPort) is not { } text || IsRoutine(stated.Reason, finding.Rule.Cause))
            return "";
        long frame = facts.FrameOf(stated);
        return stated.Reason.Kind switch
        {
            ReasonKind.ResetText => $" The RST (frame {frame}) carries a text: \"{stated.Text}\".",
            ReasonKind.MptcpReset => $" The RST (frame {frame}) carries a reason: {text}.",
            ReasonKind.Http => $" {facts.NameFirst(end)} answered {text} (frame {frame}) and closed.",
            _ => $" {facts.NameFirst(end)} sent {text} (frame {frame}) and closed.",
        };
    }

    /// <summary>
    /// Returns whether a reason is left out: close_notify always; after a normal close also the reply 221, WebSocket's 1000, and a successful
    /// response.
    /// </summary>
    private static bool IsRoutine(in CloseReason reason, Cause cause) => reason.Kind switch
    {
        ReasonKind.TlsEncryptedAlert => true,
        ReasonKind.TlsAlert => (byte)reason.Code == TlsAlerts.CloseNotify,
        ReasonKind.Http => !reason.IsClosingMessage && cause == Cause.NormalClose,
        ReasonKind.Reply => reason.Code == 221 && cause == Cause.NormalClose,
        ReasonKind.WebSocketClose => reason.Code == 1000 && cause == Cause.NormalClose,
        _ => false,
    };
}
