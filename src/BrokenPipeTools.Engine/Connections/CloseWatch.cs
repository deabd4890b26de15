using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Remembers the newest segment, so that the first closing packet can be compared with it: the silence before it, and whether a
/// RST answers something.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct CloseWatch
{
    /// <summary>A RST answers a segment within a round trip. If it comes later than this, it is not an answer to the segment.</summary>
    public const long LongestAnswer = 3 * Nanoseconds.PerSecond;

    // Before the closing: the silence before the newest segment. After it: Idle.
    private long _gap;

    // Before the closing: the time of the payload before the newest segment. After it: PayloadIdle.
    private long _payloadBefore;

    private long _payload;
    private long _survived;
    private uint _quickest0;
    private uint _quickest1;
    private SequenceNumber _sequence;
    private SequenceNumber _acknowledgment;
    private uint _length;
    private TcpFlags _flags;
    private byte _sender;
    private bool _any;
    private byte _payloadSender;
    private bool _isTlsClosureAlert;
    private byte _silentEnd;
    private bool _messageBeganTurn;
    private SequenceNumber _payloadEnd;

    // The current turn. After the closing has begun, _beforeTurn and _turnHeartbeats hold the time and the heartbeats of OneSided.
    private long _beforeTurn;
    private long _turnBytes;
    private ushort _turnSegments;
    private ushort _turnHeartbeats;
    private long _bytesBeforeTurn;

    /// <summary>The first FIN or RST has been seen.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// Nanoseconds of silence before the first closing packet, or before the segment that it answers; -1 if there was no earlier segment, or no closing.
    /// </summary>
    public readonly long Idle => HasBegun ? _gap : -1;

    /// <summary>Nanoseconds from the last payload byte to the packet that <see cref="Idle"/> ends at; -1 if there was no payload, or no closing.</summary>
    public readonly long PayloadIdle => HasBegun ? _payloadBefore : -1;

    /// <summary><see cref="PayloadIdle"/>, or <see cref="Idle"/> if there was no payload; 0 if there was no earlier segment.</summary>
    public readonly long Silence => PayloadIdle > 0 ? PayloadIdle : Math.Max(0, Idle);

    /// <summary>Nanoseconds of the longest silence before the closing after which a segment was answered; 0 for none.</summary>
    public readonly long Survived => _survived;

    /// <summary>Returns the shortest time in which an end acknowledged payload, in nanoseconds, at most 4.3 s; 0 if it never acknowledged any.</summary>
    public readonly long QuickestAnswer(int end) => end == 0 ? _quickest0 : _quickest1;

    /// <summary>How often payload changed its direction, including the first payload: a request and its answer are two turns.</summary>
    public int Turns { get; private set; }

    /// <summary>The end that sent the last payload before the closing; meaningless if there was no payload.</summary>
    public readonly int LastTurnSender => _payloadSender;

    /// <summary>The end that sent the last payload before the closing and before a closing message, which asks for no answer.</summary>
    public readonly int LastTurnSenderBeforeMessage => _messageBeganTurn ? 1 - _payloadSender : _payloadSender;

    /// <summary>The end that sent the newest segment before the closing; meaningless if there was none.</summary>
    public readonly int LastSender => _sender;

    /// <summary>Whether the newest segment has payload.</summary>
    public readonly bool EndsWithPayload => _length > 0;

    /// <summary>Whether the last payload before the closing may be a TLS closure alert.</summary>
    public readonly bool EndsWithTlsClosureAlert => _isTlsClosureAlert;

    /// <summary>Payload bytes of the last turn.</summary>
    public readonly long BytesOfLastTurn => _turnBytes;

    /// <summary>Payload bytes of the turn before the last one, which the other end sent.</summary>
    public readonly long BytesBeforeLastTurn => _bytesBeforeTurn;

    /// <summary>The payload silence of one end while the other sent heartbeats until the closing; meaningless before that.</summary>
    public readonly OneSidedSilence OneSided => HasBegun && _turnHeartbeats > 0 ? new OneSidedSilence(_silentEnd, _beforeTurn, _turnHeartbeats) : default;

    private readonly Turn CurrentTurn => new(_beforeTurn, _turnBytes, _turnSegments, _turnHeartbeats);

    /// <summary>Records the first FIN or RST. Returns true if it is a RST that answers the newest segment.</summary>
    /// <param name="s">Its segment.</param>
    /// <param name="sender">The end that sent it.</param>
    /// <param name="lastTime">The time of the newest segment before it.</param>
    /// <param name="x">The side that sent it.</param>
    /// <param name="y">The side that receives it.</param>
    /// <param name="message">The watch for closing messages; null if there was none.</param>
    public bool Begin(in Segment s, int sender, long lastTime, in Side x, in Side y, ClosingMessageWatch? message)
    {
        HasBegun = true;
        bool answers = _any && s.Has(TcpFlags.Rst) && Answers(s, sender, lastTime, x, y);
        if (answers)
        {
            _payloadBefore = _payloadBefore == 0 ? -1 : lastTime - _payloadBefore;
            _turnHeartbeats = 0;
        }
        else
        {
            int closer = AcknowledgesUnseenFin(s, y) ? 1 - sender : sender;
            if (message?.IsOf(closer, s.Time - _payload) == false)
                message = null;
            _messageBeganTurn = message is { BeganTurn: true };
            OneSidedSilence silence = FindOneSided(s.Time, closer, message);
            (_silentEnd, _beforeTurn, _turnHeartbeats) = ((byte)silence.End, silence.Time, (ushort)silence.Heartbeats);
            if (message is not null)
            {
                _gap = message.IsFirst ? -1 : s.Time - message.QuietSince;
                _payloadBefore = message.PayloadQuietSince == 0 ? -1 : s.Time - message.PayloadQuietSince;
            }
            else
            {
                _gap = _any ? s.Time - lastTime + (AcknowledgesEarly(s, sender) ? Math.Max(0, _gap) : 0) : -1;
                _payloadBefore = _payload == 0 ? -1 : s.Time - _payload;
            }
        }

        return answers;
    }

    /// <summary>Nanoseconds of the longest silence of one or both sides before the closing.</summary>
    public readonly long Longest => Math.Max(Math.Max(_gap, _payloadBefore), OneSided.Time);

    /// <summary>Forgets the silences, if the times of the segments are not reliable.</summary>
    public void ForgetSilence()
    {
        _gap = _payloadBefore = -1;
        _turnHeartbeats = 0;
        _survived = 0;
    }

    /// <summary>Returns whether a FIN acknowledges one number more than the other side has sent: that side's own FIN, which is captured after this one.</summary>
    private static bool AcknowledgesUnseenFin(in Segment s, in Side y) =>
        s.Has(TcpFlags.Fin) && s.Has(TcpFlags.Ack) && y.Sent.IsKnown && !y.Has(SideMarks.Fin) && s.Acknowledgment == y.Sent.Next.Add(1);

    /// <summary>Returns whether the newest segment acknowledges this FIN, though it was captured before it: the silence before that segment counts, too.</summary>
    public readonly bool AcknowledgesEarly(in Segment s, int sender) => _any && _sender != sender && s.Has(TcpFlags.Fin) && (_flags & TcpFlags.Ack) != 0 && _acknowledgment == s.EndSequence;

    /// <summary>
    /// Returns the silence of the end that did not send the last turn. A closing message is not a turn: if the last payload is one, returns the
    /// silence of the closing end before it.
    /// </summary>
    private readonly OneSidedSilence FindOneSided(long time, int closer, ClosingMessageWatch? message)
    {
        if (message is { BeganTurn: true })
            return OneSidedSilence.Of(closer, time, message.PayloadQuietSince, message.TurnBefore);
        Turn turn = message is { CameAfterPause: true } ? CurrentTurn with { Heartbeats = _turnHeartbeats - 1 } : CurrentTurn;
        return OneSidedSilence.Of(1 - _payloadSender, time, message?.PayloadQuietSince ?? _payload, turn);
    }

    /// <summary>Stores the newest segment; not after the closing has begun. The byte of a probe is not counted as payload.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remember(in Segment s, int sender, long gap, int payloadLength)
    {
        if (sender != _sender)
            NoteAnswer(s, sender, gap);
        _gap = _any ? gap : -1;
        _any = true;
        _payloadBefore = _payload;
        if (payloadLength > 0)
            RememberPayload(s, sender);
        _sequence = s.Sequence;
        _acknowledgment = s.Acknowledgment;
        _length = (uint)payloadLength;
        _flags = s.Flags;
        _sender = (byte)sender;
    }

    /// <summary>
    /// Notes that the newest segment was answered: the silence before that segment was survived, and the gap before the answer is the time in which
    /// this end answers.
    /// </summary>
    private void NoteAnswer(in Segment s, int sender, long gap)
    {
        if (_gap > _survived)
            _survived = _gap;
        if (_length == 0 || s.Acknowledgment != _sequence.Add(_length))
            return;
        ref uint quickest = ref sender == 0 ? ref _quickest0 : ref _quickest1;
        uint taken = (uint)Math.Clamp(gap, 1, uint.MaxValue);
        if (quickest == 0 || taken < quickest)
            quickest = taken;
    }

    /// <summary>Passes a payload to the watch for closing messages. Call it before <see cref="Remember"/>.</summary>
    public readonly void Show(in Segment s, int sender, long gap, ClosingMessageWatch message) =>
        message.Observe(s, sender, _any ? gap : -1, _payload, BeginsTurn(sender), CurrentTurn);

    private readonly bool BeginsTurn(int sender) => sender != _payloadSender || Turns == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RememberPayload(in Segment s, int sender)
    {
        bool beginsTurn = BeginsTurn(sender);
        if (beginsTurn)
        {
            Turns++;
            _bytesBeforeTurn = _turnBytes;
            _beforeTurn = _payload;
            _turnBytes = 0;
            _turnSegments = 0;
            _turnHeartbeats = 0;
            _payloadSender = (byte)sender;
        }

        bool isNew = beginsTurn || s.EndSequence.IsAfter(_payloadEnd);
        if (isNew && s.Time - _payload >= OneSidedSilence.ShortestInterval && _turnHeartbeats != ushort.MaxValue)
            _turnHeartbeats++;
        _payload = s.Time;
        _payloadEnd = s.EndSequence;
        _isTlsClosureAlert = s.IsTlsClosureAlert;
        _turnBytes += s.PayloadLength;
        if (_turnSegments != ushort.MaxValue)
            _turnSegments++;
    }

    /// <summary>
    /// Returns the newest segment before the closing as an observation. <paramref name="sender"/> is the side that sent it, in its state at that
    /// time.
    /// </summary>
    public readonly Observation Last(in Side sender, long time, uint frame) => new()
    {
        Time = time,
        Frame = frame,
        Sequence = _sequence,
        Acknowledgment = _acknowledgment,
        Length = _length,
        Window = sender.Window,
        IpIdentification = sender.IpIdentification,
        TimeToLive = sender.TimeToLive,
        Flags = _flags,
        Sender = _sender,
        Count = 1,
        Kind = _length > 0 ? ObservationKind.Data : ObservationKind.Ack,
        Marks = _length > 0 && _isTlsClosureAlert ? ObservationMarks.TlsClosureAlert : ObservationMarks.None,
    };

    /// <summary>
    /// Returns whether a RST answers the newest segment. A host without a socket answers with the sequence number that the segment acknowledged (RFC
    /// 9293, section 3.10.7.1). A RST with ACK answers only segments that need an answer: payload, SYN, FIN, a keepalive probe, or any ACK if its
    /// sender waits for a SYN-ACK.
    /// </summary>
    private readonly bool Answers(in Segment s, int sender, long lastTime, in Side x, in Side y)
    {
        if (_sender == sender || (_flags & TcpFlags.Rst) != 0 || s.Time - lastTime > LongestAnswer)
            return false;
        bool asks = _length > 0 || (_flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 || _sequence == y.Sent.Next.Add(-1) || x.IsInSynSent;
        return asks && (!s.Has(TcpFlags.Ack) ? s.Sequence == _acknowledgment : s.Acknowledgment.IsAtOrAfter(_sequence));
    }
}
