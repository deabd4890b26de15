using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Decides whether the last message of an end is the reason why that end closed.</summary>
internal static class CloseReasons
{
    private const ushort RequestTimeout = 408;
    private const ushort ServiceNotAvailable = 421;
    private const ushort ServiceClosing = 221;
    private const int FirstFatalSeverity = 2;

    /// <summary>
    /// Returns the reason of an end that closed; an empty value if it did not close, or if its last payload contains no reason. An error that leaves
    /// the connection usable counts only if this end closed first, and right after the error.
    /// </summary>
    public static StatedReason Of(Connection c, int end)
    {
        if (!c.HasPayloadNotes)
            return default;
        StatedReason stated = c.ReasonOf(end);
        if (stated.Reason.Kind == ReasonKind.None || !c.Side(end).Has(SideMarks.Fin | SideMarks.Rst))
            return default;
        if (IsSuccess(stated.Reason))
            return default;
        return AnnouncesClose(stated.Reason) || ClosedRightAfter(c, end, stated) ? stated : default;
    }

    /// <summary>
    /// Returns the message after which an end closes, also if the capture does not show that close; an empty value if its last payload is none. A TLS warning
    /// and a GOAWAY without an error do not count, because the connection may go on for long.
    /// </summary>
    public static StatedReason AnnouncedBy(Connection c, int end)
    {
        StatedReason stated = c.ReasonOf(end);
        bool mayStay = stated.Reason.Kind switch
        {
            ReasonKind.None or ReasonKind.TlsEncryptedAlert => true,
            ReasonKind.TlsAlert => !TlsAlerts.IsFatal(stated.Reason.Code),
            ReasonKind.Http2GoAway => stated.Reason.Detail == 0,
            _ => !AnnouncesClose(stated.Reason),
        };
        return mayStay ? default : stated;
    }

    /// <summary>Returns whether the protocol requires that the sender closes after this message.</summary>
    private static bool AnnouncesClose(in CloseReason reason) => reason.Kind switch
    {
        ReasonKind.Http => reason.HasConnectionClose || reason.Code == RequestTimeout,
        ReasonKind.PostgreSql => reason.Code >= FirstFatalSeverity,
        ReasonKind.Reply => reason.Code is ServiceNotAvailable or ServiceClosing,
        ReasonKind.Redis => reason.Phrase == ReasonPhrase.TooMany,
        ReasonKind.MySql => MySqlErrors.AnnouncesClose(reason.Code),
        _ => true,
    };

    /// <summary>Returns whether the reason is a response without an error and without Connection: close.</summary>
    private static bool IsSuccess(in CloseReason reason) => reason is { Kind: ReasonKind.Http, HasConnectionClose: false, IsClosingMessage: false };

    private static bool ClosedRightAfter(Connection c, int end, in StatedReason stated)
    {
        FrameMark own = FirstClosing(c.Side(end));
        FrameMark peers = FirstClosing(c.Side(1 - end));
        if (peers.Exists && peers < own && peers < stated.At)
            return true; // when the reason was sent, the peer had already closed
        return (!peers.Exists || own <= peers) && TimeOf(c, end, own) is { } closed && closed - stated.Time < ClosingMessageWatch.LongestDelay;
    }

    private static FrameMark FirstClosing(in Side side) => FrameMark.Earlier(side.FinAt, side.RstAt);

    private static long? TimeOf(Connection c, int end, FrameMark at)
    {
        for (int i = 0; i < c.Log.Kept; i++)
        {
            ref readonly Observation o = ref c.Log.Get(i);
            if (o.Sender == end && o.At == at)
                return o.Time;
        }

        return null;
    }
}
