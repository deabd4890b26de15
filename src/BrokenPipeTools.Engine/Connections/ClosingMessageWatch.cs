using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Watches for a closing message: the payload in which one end states that it closes, right before it does. It may have several segments, such as an
/// encrypted GOAWAY and close_notify, or the head and the body of an error page. Times are in nanoseconds.
/// </summary>
internal sealed class ClosingMessageWatch
{
    /// <summary>An end closes within this time after its closing message; a later close has another reason.</summary>
    public const long LongestDelay = Nanoseconds.PerSecond;

    private bool _isCertain;
    private bool _isHttp;
    private byte _sender;

    /// <summary>Whether a closing message may have begun: the next payload either continues it, or shows that it is not one.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The time of the segment before the message; meaningless if <see cref="IsFirst"/>.</summary>
    public long QuietSince { get; private set; }

    /// <summary>The time of the payload before the message; 0 if there was none.</summary>
    public long PayloadQuietSince { get; private set; }

    /// <summary>Whether the message began with the first segment of the connection.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>Whether the first segment of the message changed the direction of the payload.</summary>
    public bool BeganTurn { get; private set; }

    /// <summary>Whether the first segment of the message came after a pause, as a heartbeat does.</summary>
    public bool CameAfterPause { get; private set; }

    /// <summary>The turn before the message, if <see cref="BeganTurn"/>.</summary>
    public Turn TurnBefore { get; private set; }

    /// <summary>Returns whether a payload may be the first of a closing message. For most payload it is false.</summary>
    public static bool MayBegin(in Segment s) => s.IsTlsClosureAlert | s.IsShortTls | s.Reason.Kind != ReasonKind.None;

    /// <summary>Returns whether an end that closes now has just sent a closing message.</summary>
    /// <param name="end">The end.</param>
    /// <param name="since">Time since the last payload of either end.</param>
    public bool IsOf(int end, long since) => _isCertain && _sender == end && since < LongestDelay;

    public void Clear() => HasBegun = _isCertain = false;

    /// <summary>Adds a payload.</summary>
    /// <param name="s">Its segment.</param>
    /// <param name="sender">The end that sent it.</param>
    /// <param name="gap">Silence before it; -1 if it is the first segment.</param>
    /// <param name="lastPayload">The time of the payload before it; 0 for none.</param>
    /// <param name="beginsTurn">The payload before it, if any, came from the other end.</param>
    /// <param name="turn">The turn that the payload before it belongs to.</param>
    public void Observe(in Segment s, int sender, long gap, long lastPayload, bool beginsTurn, in Turn turn)
    {
        long pause = s.Time - lastPayload;
        bool isCertain = s.IsTlsClosureAlert || s.Reason.IsClosingMessage;

        // A short record may be an encrypted GOAWAY if it is not an answer, comes after a pause, and is followed by a close_notify.
        bool isPossible = s.IsShortTls && !beginsTurn && pause >= LongestDelay;
        bool continues = HasBegun && _sender == sender && pause < LongestDelay && (isCertain || s.IsShortTls || (_isHttp && s.Reason.Kind == ReasonKind.None));
        if (continues)
        {
            _isCertain |= isCertain;
            return;
        }

        HasBegun = isCertain || isPossible;
        _isCertain = isCertain;
        if (!HasBegun)
            return;
        _isHttp = s.Reason.Kind == ReasonKind.Http;
        _sender = (byte)sender;
        QuietSince = s.Time - gap;
        PayloadQuietSince = lastPayload;
        IsFirst = gap < 0;
        BeganTurn = beginsTurn;
        TurnBefore = turn;
        CameAfterPause = pause >= OneSidedSilence.ShortestInterval;
    }
}
