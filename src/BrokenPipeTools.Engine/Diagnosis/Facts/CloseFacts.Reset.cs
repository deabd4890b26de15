using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Facts about the RST that ended the connection: the states of both sides when it was sent.</summary>
internal sealed partial class CloseFacts
{
    /// <summary>Seconds. A host or a process takes longer than this to restart.</summary>
    private const double NotRestarted = 1;

    /// <summary>Bytes. The largest window in the SYN of a port scanner (nmap: 1 to 4 times 1024, hping3: 512). Kernels offer a few segments more.</summary>
    private const int LargestOfScanner = 4096;

    /// <summary>Timers of a busy host fire late: two silences are equal if the shorter one is at least this share of the longer one.</summary>
    private const double SameSilence = 0.95;

    /// <summary>
    /// Whether the receiver of the RST continued to retransmit although it would have accepted the RST: the RST did not reach it. Retransmissions that
    /// were in flight when the RST came prove nothing; those after a pause do.
    /// </summary>
    public bool ResetWasIgnored => ResetAt.Exists && !ResetIsUnfit && Reset.At == Connection.Side(ResetSender).EffectiveRstAt && Delivery.RetransmissionsAfterReset(Connection, ResetReceiver) >= Delivery.UndeliveredThreshold;

    /// <summary>Whether all numbers of its sender were captured, and the RST has another one than the next: it was not accepted, or answered with an ACK.</summary>
    private bool ResetIsUnfit => (Reset.Marks & ObservationMarks.Fits) == 0 && Connection.Side(ResetSender).Sent is { IsKnown: true, HasGaps: false };

    /// <summary>
    /// Whether the RST came after its sender's FIN, and answers payload that its sender has not acknowledged. There was then no socket for the
    /// payload. Stacks other than Linux set ACK and a window in every RST.
    /// </summary>
    public bool ResetAnswersUnackedData => ResetAt.Exists && ResetShapes.AnswersDataAfterFin(Connection, ResetAt);

    /// <summary>
    /// Whether the RST has no ACK, comes after its sender's FIN, and has the FIN's own sequence number. Such a RST answers payload that was sent
    /// before the FIN arrived: the FIN and the payload crossed.
    /// </summary>
    public bool ResetAnswersCrossing => ResetAt.Exists && Shape == ResetShape.Stateless && SentFinBefore(ResetSender)
        && HasNumberBeforeFin && Connection.Side(ResetReceiver).PayloadBytes > 0
        && !(Find(ObservationKind.Fin, ResetSender) is { Exists: true } fin && Connection.Log.Get(fin).Acknowledgment.IsAtOrAfter(Connection.Side(ResetReceiver).Sent.Next));

    /// <summary>
    /// Whether the RST has the sequence number of the FIN, or of payload before the FIN that was still in flight. The payload that the RST answers
    /// had acknowledged no more than that.
    /// </summary>
    private bool HasNumberBeforeFin
    {
        get
        {
            SequenceNumber fin = Connection.Side(ResetSender).FinEnd.Add(-1);
            return Reset.Sequence == fin || (fin.IsAfter(Reset.Sequence) && Reset.Sequence == Connection.Side(ResetReceiver).Acknowledged);
        }
    }

    /// <summary>
    /// Whether the sender of the RST had retransmitted before without being acknowledged, so that its kernel had given up. Linux sends no packet when
    /// it gives up, and then answers later segments with a bare RST. Other stacks send a RST with ACK when they give up.
    /// </summary>
    public bool ResetSenderHadGivenUp => ResetAt.Exists && Shape is ResetShape.Stateless or ResetShape.Active
        && Delivery.UnackedRetransmissions(Connection, ResetSender, Reset.Time).Count >= SocketView.RepeatsUntilGivenUp;

    /// <summary>
    /// Whether the host that sent the bare RST still had the connection a moment before: it had acknowledged or sent something after the handshake,
    /// within the time of an answer. A host does not restart so fast.
    /// </summary>
    public bool HostWasThere => ResetAt.Exists && !CaptureSide.ResetIsOwn(this) && Shape == ResetShape.Stateless && !ResetIsUnasked && !SentFinBefore(ResetSender) && !ResetSenderHadGivenUp
        && Connection.Side(ResetSender).Has(SideMarks.PureAck | SideMarks.Payload) && SinceOwn < NotRestarted;

    /// <summary>Whether the capture has nothing of the connection except RSTs.</summary>
    public bool IsOnlyResets => ResetAt.Exists && !Connection.Side(0).Has(SideMarks.AnyButReset) && !Connection.Side(1).Has(SideMarks.AnyButReset);

    /// <summary>
    /// Whether the RST has no ACK, and no captured segment asks for it. False if only the RST has the IP ID 0: Linux answers so if it has no socket, and
    /// the segment that it answers may not have been captured.
    /// </summary>
    public bool ResetIsUnasked => ResetAt.Exists && (Reset.Marks & ObservationMarks.Unasked) != 0
        && (Reset.IpIdentification != 0 || Connection.Side(ResetSender).IpIdentification == 0);

    /// <summary>
    /// Whether the side that sent the RST had not answered the last payload of the other. A client answers no response, so this counts for a client
    /// only if it had no time to read the payload.
    /// </summary>
    public bool ResetLeavesUnanswered => ResetAt.Exists && AnyPayload && Connection.Close.LastTurnSender == ResetReceiver
        && (ResetSender != Client || IsClientUnclear || PayloadIdle < ResetWords.Moment || IsInsideResponse);

    /// <summary>Seconds from the newest other segment of the RST's sender to the RST; negative if the sender sent a segment after the RST.</summary>
    public double SinceOwn => Nanoseconds.ToSeconds(Connection.StartTime + Reset.Time - Connection.Side(ResetSender).LastTime);

    /// <summary>
    /// Whether the client's RST answers the SYN-ACK to the client's own captured SYN, and the client had acknowledged nothing. Its socket was closed,
    /// or never existed (a scanner).
    /// </summary>
    public bool IsHalfOpen => ResetAt.Exists && ResetSender == Client && HandshakeSeen && Connection.Related is null
        && HandshakeAnswer.IsAcceptable(Connection, Connection.Log.Get(Find(ObservationKind.SynAck, 1 - Client)))
        && !Connection.Side(Client).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin | SideMarks.HasAcknowledged);

    /// <summary>
    /// Whether the client's RST answers the SYN-ACK to a SYN that no kernel made: it has another TTL and a very small window. A port scanner makes its
    /// SYNs itself (nmap: window 1024, TTL 37 to 60), and the kernel of its host, which has no socket, resets the answer with its usual TTL.
    /// </summary>
    public bool IsScan => IsHalfOpen && ResetHasOtherTimeToLive && (Connection.Lacks & FrameLacks.Window) == 0 && Connection.Log.Get(Find(ObservationKind.Syn, Client)).Window <= LargestOfScanner;

    /// <summary>
    /// Whether an earlier silence was as long as the last one, and the packet after it was answered. Then no device on the path drops the connection
    /// after so short a silence.
    /// </summary>
    public bool SilenceWasSurvived => Connection.Close.Idle > 0 && Connection.Close.Survived >= Connection.Close.Idle * SameSilence;

    /// <summary>Whether the refused SYN was also answered with a SYN-ACK. The RST then came from another device.</summary>
    public bool IsForgedRefusal => State == CloseState.Refused && ResetAt.Exists && HandshakeAnswer.FollowsRefusal(Connection, ResetAt);

    /// <summary>
    /// The number of unanswered keepalive probes of the RST's sender right before the RST. The probes are one interval apart, and the RST comes one
    /// interval after the last.
    /// </summary>
    public int KeepAliveRun => ResetAt.Exists ? KeepAliveProbes.BeforeReset(Connection, ResetAt).Count : 0;

    /// <summary>The place at which <see cref="KeepAliveRun"/> begins.</summary>
    public LogPlace KeepAliveRunAt => ResetAt.Exists ? KeepAliveProbes.BeforeReset(Connection, ResetAt).First : LogPlace.None;

    /// <summary>
    /// Whether the sequence number of the RST is above that of all captured payload of its sender. The sender then sent payload that was not
    /// captured, so the length of its silence is not known.
    /// </summary>
    public bool ResetIsBeyondSent => ResetAt.Exists && Connection.Side(ResetSender).Sent.IsKnown && Reset.Sequence.IsAfter(Connection.Side(ResetSender).Sent.Next);

    /// <summary>
    /// Whether the RST's TTL differs by only one from that of its host's packets, which may mean another path. False if the RST passed no router but
    /// the host's packets did, because the RST was then sent on the local link.
    /// </summary>
    public bool ResetIsOneHopOff => ResetHasOtherTimeToLive && Math.Abs(Reset.TimeToLive - Connection.Side(ResetSender).TimeToLive) == 1 && Hops(Reset.TimeToLive) != 0;

    /// <summary>
    /// Returns how many routers a packet has passed: hosts begin with a TTL of 32, 64, 128 or 255. A kernel sends its RSTs with its own default TTL,
    /// even if the program has set another one for its socket (IP_TTL; RFC 5082).
    /// </summary>
    private static int Hops(byte timeToLive) => timeToLive switch { <= 32 => 32, <= 64 => 64, <= 128 => 128, _ => 255 } - timeToLive;

    /// <summary>
    /// Whether the RST has another TTL than the host's other packets, which all have the same TTL. False if one of the two TTLs is not known.
    /// </summary>
    public bool ResetHasOtherTimeToLive => ResetAt.Exists && (Connection.Lacks & FrameLacks.TimeToLive) == 0 && Reset.TimeToLive != 0 && Connection.Side(ResetSender).TimeToLive != 0
        && Reset.TimeToLive != Connection.Side(ResetSender).TimeToLive && Hops(Reset.TimeToLive) != Hops(Connection.Side(ResetSender).TimeToLive)
        && Reset.TimeToLive != Connection.Side(ResetSender).DuplicateTimeToLive && ForwardedTimeToLive != Connection.Side(ResetSender).TimeToLive
        && !Connection.Side(ResetSender).Has(SideMarks.SeveralTimeToLives);

    /// <summary>
    /// The TTL with which the router on which the capture was made forwarded the RST, if no other packet of the connection was captured in front of that
    /// router and behind it; 0 otherwise. If others were, the TTLs in front of it are compared.
    /// </summary>
    private byte ForwardedTimeToLive => Connection.Points?.ForwardedReset is { } forwarded && forwarded.Sender == ResetSender && forwarded.Sequence == Reset.Sequence
        && Connection.Side(0).DuplicateTimeToLive == 0 && Connection.Side(1).DuplicateTimeToLive == 0 ? forwarded.TimeToLive : (byte)0;

    /// <summary>Whether the RST, but no other packet, was captured in front of the capturing router and behind it: another host sent it.</summary>
    public bool ResetWasForwarded => ForwardedTimeToLive != 0;

    /// <summary>
    /// Returns the place of the first payload that an end sent after the other's FIN and that was never acknowledged: the RST answers this payload.
    /// Earlier payload after the FIN was accepted, because the other side had only finished sending.
    /// </summary>
    public LogPlace DataRefusedAfterFin(int end)
    {
        LogPlace first = DataAfterFin(end);
        ref readonly Side closer = ref Connection.Side(1 - end);
        for (int i = first.Index; first.Exists && closer.Has(SideMarks.HasAcknowledged) && i < ResetAt.Index; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == end && o.Length > 0 && o.Kind is ObservationKind.Data or ObservationKind.Fin && o.Sequence.Add(o.Length).IsAfter(closer.Acknowledged))
                return new LogPlace(i);
        }

        return first;
    }

    /// <summary>Names the segment that the RST answers. Call it only if <see cref="TriggerAt"/> is set.</summary>
    public string NameTrigger() => Connection.Log.Get(TriggerAt).Kind == ObservationKind.KeepAlive
        ? $"a keepalive probe (frame {Frame(TriggerAt)}) after {Words.Seconds(Idle)} of silence"
        : $"frame {Frame(TriggerAt)}";

    /// <summary>
    /// Returns the place of the effective RST of the end whose RST was accepted first. If no RST was accepted, returns the place of the first RST.
    /// </summary>
    private LogPlace FindReset()
    {
        LogPlace counts = FindResetThatCounts();

        // The first RST of an aborted socket is the close. If that RST did not fit, the peer sends a challenge ACK (RFC 5961, section 3.2), and the
        // closed socket's host answers it with bare RSTs.
        if (counts.Exists && (Connection.Log.Get(counts).Flags & TcpFlags.Ack) == 0)
        {
            LogPlace first = Find(ObservationKind.Rst, Connection.Log.Get(counts).Sender);
            bool isAbort = first < counts && ResetShapes.Of(Connection.Log.Get(first), Connection.Side(Connection.Log.Get(first).Sender)) == ResetShape.Active;
            if (isAbort && !WentOn(first, counts) && !Connection.Side(Connection.Log.Get(first).Sender).Has(SideMarks.AliveAfterRst))
                return first;
        }

        return counts;
    }

    /// <summary>Returns whether the sender of a RST sent something else between this RST and a later one. It had then not sent the first RST.</summary>
    private bool WentOn(LogPlace reset, LogPlace later)
    {
        for (int i = reset.Index + 1; i < later.Index; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == Connection.Log.Get(reset).Sender && !o.IsIcmp && o.Kind != ObservationKind.Rst)
                return true;
        }

        return false;
    }

    private LogPlace FindResetThatCounts()
    {
        if (!Connection.Side(0).Has(SideMarks.Rst) && !Connection.Side(1).Has(SideMarks.Rst))
            return LogPlace.None;
        LogPlace first = LogPlace.None;
        for (int i = 0; i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Kind != ObservationKind.Rst)
                continue;
            if (CloseClassifier.ResetTaken(Connection, o.Sender) && Connection.Side(o.Sender).EffectiveRstAt == o.At)
                return new LogPlace(i);
            if (!first.Exists)
                first = new LogPlace(i);
        }

        return first;
    }

    /// <summary>
    /// Returns the place of the segment that the RST answers: the newest segment of the RST's receiver that requires an answer and whose
    /// acknowledgment number is the RST's sequence number. A RST of a live socket answers nothing.
    /// </summary>
    private LogPlace FindTrigger()
    {
        for (int i = ResetAt.Index - 1; i >= 0 && Shape != ResetShape.Active; i--)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (Reset.Time - o.Time > CloseWatch.LongestAnswer)
                break;
            if (o.Sender == Reset.Sender || o.Kind == ObservationKind.Rst || o.IsIcmp)
                continue;
            bool fits = Shape == ResetShape.ToSyn ? o.Kind is ObservationKind.Syn or ObservationKind.Retransmission : (o.Flags & TcpFlags.Ack) != 0 && o.Acknowledgment == Reset.Sequence;
            if (fits)
                return new LogPlace(i);
        }

        return LogPlace.None;
    }
}
