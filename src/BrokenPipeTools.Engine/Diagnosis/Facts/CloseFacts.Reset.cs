using BrokenPipeTools.Capture;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>Facts about the RST that ended the connection: the states of both sides when it was sent.</summary>
internal sealed partial class CloseFacts
{
    /// <summary>A host, or a process with its socket, does not go away and answer again in less (seconds).</summary>
    private const double NotRestarted = 1;

    /// <summary>Timers of a busy host fire late: silences that differ by less than this share are alike.</summary>
    private const double SameSilence = 0.95;

    /// <summary>
    /// The receiver of the RST continued to retransmit: a firewall on its host dropped the RST, or it did not
    /// fit. Retransmissions in flight at the same time are not a sign; those after a pause are.
    /// </summary>
    public bool ResetWasIgnored => ResetAt >= 0 && Reset.Frame + 1 == Connection.Side(ResetSender).EffectiveRstAt && Delivery.RetransmissionsAfterReset(Connection, ResetReceiver) >= Delivery.UndeliveredThreshold;

    /// <summary>
    /// A RST after its sender's FIN that answers payload which the sender has not acknowledged: no socket was there for it. Stacks other
    /// than Linux set ACK and a window in every reset.
    /// </summary>
    public bool ResetAnswersUnackedData => ResetAt >= 0 && ResetShapes.AnswersDataAfterFin(Connection, ResetAt);

    /// <summary>
    /// A RST without ACK that comes after its sender's FIN and has the FIN's own number answers payload that was written before the FIN arrived:
    /// the two crossed.
    /// </summary>
    public bool ResetAnswersCrossing => ResetAt >= 0 && Shape == ResetShape.Stateless && SentFinBefore(ResetSender)
        && HasNumberBeforeFin && Connection.Side(ResetReceiver).PayloadBytes > 0
        && !(Find(ObservationKind.Fin, ResetSender) is >= 0 and var fin && SequenceNumber.IsAtOrAfter(Connection.Log.Get(fin).Acknowledgment, Connection.Side(ResetReceiver).Sent.Next));

    /// <summary>
    /// The RST has the FIN's own number, or that of payload before the FIN which was still on its way: the payload that it answers
    /// acknowledged no more.
    /// </summary>
    private bool HasNumberBeforeFin
    {
        get
        {
            uint fin = Connection.Side(ResetSender).FinEnd - 1;
            return Reset.Sequence == fin || (SequenceNumber.IsAfter(fin, Reset.Sequence) && Reset.Sequence == Connection.Side(ResetReceiver).Acknowledged);
        }
    }

    /// <summary>
    /// The sender of the RST had retransmitted before without being acknowledged: its kernel had given up. Linux shows that by no packet,
    /// and later segments find no socket; other stacks send a RST with ACK when they give up.
    /// </summary>
    public bool ResetSenderHadGivenUp => ResetAt >= 0 && Shape is ResetShape.Stateless or ResetShape.Active
        && Delivery.UnackedRetransmissions(Connection, ResetSender, Reset.Time).Count >= SocketView.RepeatsUntilGivenUp;

    /// <summary>
    /// The host in whose name the bare RST came had the connection a moment before: it had acknowledged or sent something after the
    /// handshake, within the time of an answer. Hosts do not restart so fast.
    /// </summary>
    public bool HostWasThere => ResetAt >= 0 && !CaptureSide.ResetIsOwn(this) && Shape == ResetShape.Stateless && !SentFinBefore(ResetSender) && !ResetSenderHadGivenUp
        && Connection.Side(ResetSender).Has(SideMarks.PureAck | SideMarks.Payload) && SinceOwn < NotRestarted;

    /// <summary>Seconds from the newest other segment of the sender of the RST to the RST; negative if it sent one later.</summary>
    public double SinceOwn => (Connection.StartTime + Reset.Time - Connection.Side(ResetSender).LastTime) / NanosecondsPerSecond;

    /// <summary>
    /// The RST of the client answers the SYN-ACK of its own captured SYN, and it had acknowledged nothing: its socket was closed, or never
    /// was one (a scanner).
    /// </summary>
    public bool IsHalfOpen => ResetAt >= 0 && ResetSender == Client && HandshakeSeen && Connection.Related is null
        && HandshakeAnswer.IsAcceptable(Connection, Connection.Log.Get(Find(ObservationKind.SynAck, 1 - Client)))
        && !Connection.Side(Client).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin | SideMarks.HasAcknowledged);

    /// <summary>
    /// A silence as long as the last one had passed before, and the packet after it was answered: no device on the path drops the connection
    /// so soon.
    /// </summary>
    public bool SilenceWasSurvived => Connection.Close.Idle > 0 && Connection.Close.Survived >= Connection.Close.Idle * SameSilence;

    /// <summary>The refused SYN was answered with a SYN-ACK as well: the RST came from somebody else.</summary>
    public bool IsForgedRefusal => State == CloseState.Refused && ResetAt >= 0 && HandshakeAnswer.FollowsRefusal(Connection, ResetAt);

    /// <summary>Keepalive probes without an answer right before the RST of the same side, one interval apart and the RST one interval later.</summary>
    public int KeepAliveRun => ResetAt < 0 ? 0 : KeepAliveProbes.BeforeReset(Connection, ResetAt).Count;

    /// <summary>The place in the log where <see cref="KeepAliveRun"/> begins; -1 for none.</summary>
    public int KeepAliveRunAt => ResetAt < 0 ? -1 : KeepAliveProbes.BeforeReset(Connection, ResetAt).First;

    /// <summary>The sequence number of the RST lies behind payload of its sender that was not captured: how long it was silent is not known.</summary>
    public bool ResetIsBeyondSent => ResetAt >= 0 && Connection.Side(ResetSender).Sent.IsKnown && SequenceNumber.IsAfter(Reset.Sequence, Connection.Side(ResetSender).Sent.Next);

    /// <summary>Its TTL differs by one only: it may have taken another path. One that passed no router is from next door, and that host is not.</summary>
    public bool ResetIsOneHopOff => ResetHasOtherTimeToLive && Math.Abs(Reset.TimeToLive - Connection.Side(ResetSender).TimeToLive) == 1 && Hops(Reset.TimeToLive) != 0;

    /// <summary>
    /// How many routers a packet has passed: hosts begin with 32, 64, 128 or 255. A kernel sends its resets with its own default, whatever the
    /// program has set for its socket (IP_TTL; RFC 5082).
    /// </summary>
    private static int Hops(byte timeToLive) => timeToLive switch { <= 32 => 32, <= 64 => 64, <= 128 => 128, _ => 255 } - timeToLive;

    /// <summary>The RST came with another TTL than that host's other packets, and those all with one. False if one of the two is not known.</summary>
    public bool ResetHasOtherTimeToLive => ResetAt >= 0 && (Connection.Lacks & FrameLacks.TimeToLive) == 0 && Reset.TimeToLive != 0 && Connection.Side(ResetSender).TimeToLive != 0
        && Reset.TimeToLive != Connection.Side(ResetSender).TimeToLive && Hops(Reset.TimeToLive) != Hops(Connection.Side(ResetSender).TimeToLive)
        && Reset.TimeToLive != Connection.Side(ResetSender).DuplicateTimeToLive && !Connection.Side(ResetSender).Has(SideMarks.SeveralTimeToLives);

    /// <summary>Names the segment that the RST answers; only if <see cref="TriggerAt"/> is set.</summary>
    public string NameTrigger() => Connection.Log.Get(TriggerAt).Kind == ObservationKind.KeepAlive
        ? $"a keepalive probe (frame {Frame(TriggerAt)}) after {Words.Seconds(Idle)} of silence"
        : $"frame {Frame(TriggerAt)}";

    /// <summary>The RST that counts of the end whose RST was taken first; else the first RST there is.</summary>
    private int FindReset()
    {
        int counts = FindResetThatCounts();

        // A socket that aborts is closed: a challenge ACK of its peer, sent because that RST did not fit (RFC 5961, section 3.2), is answered with bare RSTs. The
        // first one is the close.
        if (counts >= 0 && (Connection.Log.Get(counts).Flags & TcpFlags.Ack) == 0)
        {
            int first = Find(ObservationKind.Rst, Connection.Log.Get(counts).Sender);
            bool isAbort = first < counts && ResetShapes.Of(Connection.Log.Get(first), Connection.Side(Connection.Log.Get(first).Sender)) == ResetShape.Active;
            if (isAbort && !WentOn(first, counts) && !Connection.Side(Connection.Log.Get(first).Sender).Has(SideMarks.AliveAfterRst))
                return first;
        }

        return counts;
    }

    /// <summary>The sender of a RST sent something else between that and a later one: it had not sent the first.</summary>
    private bool WentOn(int reset, int later)
    {
        for (int i = reset + 1; i < later; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == Connection.Log.Get(reset).Sender && !o.IsIcmp && o.Kind != ObservationKind.Rst)
                return true;
        }

        return false;
    }

    private int FindResetThatCounts()
    {
        if (!Connection.Side(0).Has(SideMarks.Rst) && !Connection.Side(1).Has(SideMarks.Rst))
            return -1;
        int first = -1;
        for (int i = 0; i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Kind != ObservationKind.Rst)
                continue;
            if (CloseClassifier.ResetTaken(Connection, o.Sender) && Connection.Side(o.Sender).EffectiveRstAt == o.Frame + 1)
                return i;
            if (first < 0)
                first = i;
        }

        return first;
    }

    /// <summary>
    /// The newest segment of the receiver of the RST that asked for an answer and whose acknowledgment number is the RST's sequence number.
    /// A RST from a socket that was alive answers nothing.
    /// </summary>
    private int FindTrigger()
    {
        for (int i = ResetAt - 1; i >= 0 && Shape != ResetShape.Active; i--)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (Reset.Time - o.Time > CloseWatch.LongestAnswer)
                break;
            if (o.Sender == Reset.Sender || o.Kind == ObservationKind.Rst || o.IsIcmp)
                continue;
            bool fits = Shape == ResetShape.ToSyn ? o.Kind is ObservationKind.Syn or ObservationKind.Retransmission : (o.Flags & TcpFlags.Ack) != 0 && o.Acknowledgment == Reset.Sequence;
            if (fits)
                return i;
        }

        return -1;
    }
}
