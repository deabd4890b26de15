using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Remembers the newest segment, to know what came before the first closing packet: how long it had been silent, and whether a
/// RST answers something.
/// </summary>
internal struct CloseWatch
{
    /// <summary>A RST answers a segment within a round trip; later than this the segment had nothing to do with it.</summary>
    private const long LongestAnswer = 3_000_000_000;

    private long _gapBeforeLast;
    private long _lastPayload;
    private long _payloadBeforeLast;
    private uint _lastSequence;
    private uint _lastAcknowledgment;
    private uint _lastLength;
    private ushort _lastWindow;
    private ushort _lastIpIdentification;
    private TcpFlags _lastFlags;
    private byte _lastSender;
    private byte _lastTimeToLive;
    private bool _any;
    private bool _anyPayload;
    private bool _anyPayloadBeforeLast;

    /// <summary>The first FIN or RST has been seen.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Nanoseconds of silence before the first closing packet, or before the segment that it answers; -1 where there was none before.</summary>
    public long Idle { get; private set; }

    /// <summary>The same since the last payload byte; -1 where there was no payload.</summary>
    public long PayloadIdle { get; private set; }

    /// <summary>
    /// Takes note of the first FIN or RST, before <see cref="Remember"/>. <paramref name="trigger"/> is the segment that a RST answers.
    /// </summary>
    public bool Begin(in Segment s, int sender, long lastTime, long start, long lastFrame, long firstFrame, uint nextOfPeer, out Observation trigger)
    {
        HasBegun = true;
        trigger = default;
        bool answers = _any && s.Has(TcpFlags.Rst) && Answers(s, sender, lastTime, nextOfPeer);
        if (answers)
        {
            trigger = Last(lastTime - start, lastFrame - firstFrame);
            Idle = _gapBeforeLast;
            PayloadIdle = _anyPayloadBeforeLast ? lastTime - _payloadBeforeLast : -1;
        }
        else
        {
            Idle = _any ? s.Time - lastTime : -1;
            PayloadIdle = _anyPayload ? s.Time - _lastPayload : -1;
        }

        return answers;
    }

    public void Remember(in Segment s, int sender, long gap)
    {
        _gapBeforeLast = _any ? gap : -1;
        _any = true;
        _anyPayloadBeforeLast = _anyPayload;
        _payloadBeforeLast = _lastPayload;
        if (s.PayloadLength > 0)
        {
            _anyPayload = true;
            _lastPayload = s.Time;
        }

        _lastSequence = s.Sequence;
        _lastAcknowledgment = s.Acknowledgment;
        _lastLength = (uint)s.PayloadLength;
        _lastWindow = s.Window;
        _lastIpIdentification = s.IpIdentification;
        _lastTimeToLive = s.TimeToLive;
        _lastFlags = s.Flags;
        _lastSender = (byte)sender;
    }

    /// <summary>
    /// A host without a socket answers with the sequence number that the segment acknowledged (RFC 9293, section 3.10.7.1). One
    /// with ACK answers only what asks for an answer: payload, SYN, FIN, or a keepalive probe.
    /// </summary>
    private readonly bool Answers(in Segment s, int sender, long lastTime, uint nextOfPeer)
    {
        if (_lastSender == sender || (_lastFlags & TcpFlags.Rst) != 0 || s.Time - lastTime > LongestAnswer)
            return false;
        bool asks = _lastLength > 0 || (_lastFlags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 || _lastSequence == nextOfPeer - 1;
        return asks && (!s.Has(TcpFlags.Ack) ? s.Sequence == _lastAcknowledgment : SequenceNumber.IsAtOrAfter(s.Acknowledgment, _lastSequence));
    }

    private readonly Observation Last(long time, long frame) => new()
    {
        Time = time,
        Frame = (uint)Math.Clamp(frame, 0, uint.MaxValue),
        Sequence = _lastSequence,
        Acknowledgment = _lastAcknowledgment,
        Length = _lastLength,
        Window = _lastWindow,
        IpIdentification = _lastIpIdentification,
        TimeToLive = _lastTimeToLive,
        Flags = _lastFlags,
        Sender = _lastSender,
        Count = 1,
        Kind = _lastLength > 0 ? ObservationKind.Data : ObservationKind.Ack,
    };
}
