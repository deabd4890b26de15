using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis;

/// <summary>
/// What the causes look at, picked from a connection once: who closed, with what, in answer to what, after how long. Facts only;
/// the causes draw the conclusions.
/// </summary>
internal sealed class CloseFacts
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>A host, or a process with its socket, does not go away and answer again in less (seconds).</summary>
    private const double NotRestarted = 1;

    private readonly CloseCase _of;

    public CloseFacts(in CloseCase of)
    {
        _of = of;
        Local = of.Context.LocalEnd(of.Connection, of.Client);
        ResetAt = FindReset();
        Shape = ResetAt < 0 ? ResetShape.None : ResetShapes.Of(Reset, of.Connection.Side(Resetter));
        TriggerAt = ResetAt < 0 ? -1 : FindTrigger();
        SignsOfForgery = ResetAt < 0 ? [] : ResetOrigin.Signs(this);
    }

    public Connection Connection => _of.Connection;

    /// <summary>The end that is the client.</summary>
    public int Client => _of.Client;

    /// <summary>The end from whose side the story is told; -1 for neither.</summary>
    public int Local { get; }

    /// <summary>The time-outs that a silence is compared with.</summary>
    public KnownTimers Timers => _of.Context.Timers;

    /// <summary>What other connections did alike; null where that says nothing.</summary>
    public CloseNeighbours? Neighbours => _of.Neighbours;

    public CloseState State => _of.State;

    public ClosedBy ClosedBy => _of.ClosedBy;

    /// <summary>Where in the log the RST is that ended it, or else the first one; -1 for none.</summary>
    public int ResetAt { get; }

    public ref readonly Observation Reset => ref Connection.Log.Get(ResetAt);

    /// <summary>The end that sent the RST, if it was its own.</summary>
    public int Resetter => Reset.Sender;

    /// <summary>The end that received it.</summary>
    public int Victim => 1 - Reset.Sender;

    public ResetShape Shape { get; }

    /// <summary>Where in the log the segment is that the RST answers; -1 where it answers none.</summary>
    public int TriggerAt { get; }

    /// <summary>
    /// The segment that the RST follows like an answer, whatever its shape: a device that forges one need not do as hosts do.
    /// -1 for none.
    /// </summary>
    public int AnsweredAt
    {
        get
        {
            if (TriggerAt >= 0 || ResetAt < 0 || Connection.ClosingIndex < 0)
                return TriggerAt;
            int at = Connection.Log.IndexOf(Connection.ClosingIndex);
            return at < ResetAt && Connection.Log.Get(at).Sender == Victim ? at : -1;
        }
    }

    /// <summary>What speaks against the RST being its sender's own; several causes ask.</summary>
    public IReadOnlyList<Finding.Mark> SignsOfForgery { get; }

    /// <summary>The end that repeats itself and is not answered, or less so than the other.</summary>
    public int Unanswered => Connection.Side(0).Unanswered >= Connection.Side(1).Unanswered ? 0 : 1;

    /// <summary>Whether the end had sent FIN before the RST.</summary>
    public bool SentFinBefore(int end) => Connection.Side(end).FinAt is not 0 and var at && (ResetAt < 0 || at <= Reset.Frame + 1);

    /// <summary>Seconds of silence before the first closing packet, or the segment that it answers; 0 where there was nothing before.</summary>
    public double Idle => Math.Max(0, Connection.Close.Idle) / NanosecondsPerSecond;

    /// <summary>The same since the last payload byte.</summary>
    public double PayloadIdle => Math.Max(0, Connection.Close.PayloadIdle) / NanosecondsPerSecond;

    /// <summary>The one or, where there was no payload, the other.</summary>
    public double Silence => Connection.Close.Silence / NanosecondsPerSecond;

    /// <summary>Seconds for which the connection was half-closed; 0 if no FIN came first.</summary>
    public double HalfClosedFor => Math.Max(0, HalfClosedSpan.Of(Connection, _of.Until)) / NanosecondsPerSecond;

    /// <summary>Payload bytes of an end that the other side never acknowledged; 0 if the other side was not captured.</summary>
    public long Unacked(int end) => UnackedPayload.Of(Connection, end) ?? 0;

    /// <summary>Payload passed, in either direction.</summary>
    public bool AnyPayload => Connection.Side(0).PayloadBytes + Connection.Side(1).PayloadBytes > 0;

    /// <summary>Both handshake segments and something of the opener after them were seen.</summary>
    public bool HandshakeSeen => Find(ObservationKind.Syn, Client) >= 0 && Find(ObservationKind.SynAck, 1 - Client) >= 0;

    /// <summary>Seconds from SYN to SYN-ACK where the capture has both, once each; -1 otherwise.</summary>
    public double HandshakeDelay
    {
        get
        {
            int syn = Find(ObservationKind.Syn, Client);
            int answer = Find(ObservationKind.SynAck, 1 - Client);
            return syn < 0 || answer < 0 ? -1 : (Connection.Log.Get(answer).Time - Connection.Log.Get(syn).Time) / NanosecondsPerSecond;
        }
    }

    /// <summary>The capture is damaged or cut, or was stopped, while the connection was open.</summary>
    public bool IsCutShort => (_of.Lacks & CaptureQuality.CutShort) != 0;

    /// <summary>The end whose retransmissions the last ones in the log are; where the run begins; -1 for none.</summary>
    public int FirstOfLastRetransmissions
    {
        get
        {
            int first = -1;
            for (int i = Connection.Log.Kept - 1; i >= 0; i--)
            {
                ref readonly Observation o = ref Connection.Log.Get(i);
                if (o.Kind == ObservationKind.IcmpError)
                    continue;
                if (o.Sender != Unanswered || o.Kind is not (ObservationKind.Retransmission or ObservationKind.KeepAlive))
                    break;
                first = i;
            }

            return first;
        }
    }

    /// <summary>
    /// Seconds of the longest silence, if it lies before the last retransmissions and is not one of their intervals; else 0. Those are a
    /// second apart at first, and double.
    /// </summary>
    public double SilenceBeforeRetransmissions
    {
        get
        {
            int first = FirstOfLastRetransmissions;
            double longestInterval = 0;
            for (int i = first + 1; first >= 0 && i < Connection.Log.Kept; i++)
                longestInterval = Math.Max(longestInterval, Between(i - 1, i));
            double longest = Connection.MaxGap / NanosecondsPerSecond;
            return first >= 0 && longest > longestInterval * 1.5 ? longest : 0;
        }
    }

    /// <summary>Whether the other side sent anything after a place in the log; an ICMP error that quotes it does not count.</summary>
    public bool CameFromPeerSince(int at, int end)
    {
        for (int i = at + 1; i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender != end && o.Kind != ObservationKind.IcmpError)
                return true;
        }

        return false;
    }

    /// <summary>The server sent nothing but its SYN-ACK and RSTs.</summary>
    public bool ServerNeverSpoke => HandshakeSeen && !Connection.Side(1 - Client).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin);

    /// <summary>What the capture lacks makes every conclusion less sure.</summary>
    public bool IsPartial => (_of.Lacks & CaptureQuality.Drops) != 0 || Connection.Side(0).Packets == 0 || Connection.Side(1).Packets == 0 || Connection.Opener < 0 || Connection.Log.Omitted > 0;

    /// <summary>Wireshark's number of an observation's frame.</summary>
    public long Frame(int at) => Connection.FirstFrame + Connection.Log.Get(at).Frame;

    /// <summary>The frame of an end's first FIN; 0 for none.</summary>
    public long FinFrame(int end) => Connection.FrameAt(Connection.Side(end).FinAt) ?? 0;

    /// <summary>Seconds between two observations.</summary>
    public double Between(int from, int to) => (Connection.Log.Get(to).Time - Connection.Log.Get(from).Time) / NanosecondsPerSecond;

    /// <summary>The first observation of a kind that an end sent, at or after a place in the log; -1 for none.</summary>
    public int Find(ObservationKind kind, int end, int from = 0)
    {
        ref readonly ObservationLog log = ref Connection.Log;
        int kept = log.Kept;
        for (int i = from; i < kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Kind == kind && o.Sender == end)
                return i;
        }

        return -1;
    }

    /// <summary>How many observations of a kind an end sent, before a place in the log.</summary>
    public int Count(ObservationKind kind, int end, int before = int.MaxValue)
    {
        int count = 0;
        for (int i = 0; i < Math.Min(before, Connection.Log.Kept); i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Kind == kind && o.Sender == end)
                count += o.Count;
        }

        return count;
    }

    /// <summary>The first payload that an end sent after the other's FIN and before the RST; -1 for none.</summary>
    public int DataAfterFin(int end)
    {
        int fin = Find(ObservationKind.Fin, 1 - end);
        if (fin < 0)
            return -1;
        int until = ResetAt < 0 ? Connection.Log.Kept : ResetAt;
        for (int i = fin + 1; i < until; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == end && o.Length > 0 && o.Kind is ObservationKind.Data or ObservationKind.Fin or ObservationKind.Retransmission)
                return i;
        }

        return -1;
    }

    /// <summary>
    /// All that an end sent after the other's FIN was a TLS alert: its close_notify, which the other no longer waited for. Nothing
    /// is lost by that.
    /// </summary>
    public bool SentOnlyTlsAlertAfterFin(int end)
    {
        bool any = false;
        for (int i = Find(ObservationKind.Fin, 1 - end) + 1; i > 0 && i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender != end || o.Length == 0 || o.Kind is not (ObservationKind.Data or ObservationKind.Fin))
                continue;
            if (!o.IsTlsAlert)
                return false;
            any = true;
        }

        return any;
    }

    /// <summary>
    /// The victim went on repeating itself as if the RST had not come: a firewall of its own kept it from the socket, or it did not
    /// fit. Repeats under way at the same time are no sign; those that come after a pause are.
    /// </summary>
    public bool ResetWasIgnored => ResetAt >= 0 && Delivery.RetransmissionsAfter(Connection, Victim, Reset.Time).Count >= Delivery.UndeliveredThreshold;

    /// <summary>
    /// A RST after its sender's FIN that answers payload which the sender has not acknowledged: no socket was there for it. Stacks other
    /// than Linux set ACK and a window in every reset.
    /// </summary>
    public bool ResetAnswersUnackedData => ResetAt >= 0 && SentFinBefore(Resetter) && DataAfterFin(Victim) is >= 0 and var data
        && Reset.Time - Connection.Log.Get(LastDataBeforeReset(data)).Time <= CloseWatch.LongestAnswer && Unacked(Victim) > 0;

    /// <summary>
    /// A bare RST that comes after its sender's FIN and has the FIN's own number answers what was written before the FIN arrived:
    /// the two crossed.
    /// </summary>
    public bool ResetAnswersCrossing => ResetAt >= 0 && Shape == ResetShape.Stateless && SentFinBefore(Resetter)
        && Reset.Sequence == Connection.Side(Resetter).FinEnd - 1 && Connection.Side(Victim).PayloadBytes > 0
        && !(Find(ObservationKind.Fin, Resetter) is >= 0 and var fin && SequenceNumber.IsAtOrAfter(Connection.Log.Get(fin).Acknowledgment, Connection.Side(Victim).Sent.Next));

    /// <summary>
    /// The sender of the RST had retransmitted before without being acknowledged: its kernel had given up. Linux shows that by no packet,
    /// and what comes then meets no socket; other stacks send a RST with ACK when they give up.
    /// </summary>
    public bool ResetterHadGivenUp => ResetAt >= 0 && Shape is ResetShape.Stateless or ResetShape.Active
        && Delivery.UnackedRetransmissions(Connection, Resetter, Reset.Time).Count >= SocketView.RepeatsUntilGivenUp;

    /// <summary>
    /// The host in whose name the bare RST came had the connection a moment before: it had acknowledged or sent something after the
    /// handshake, within the time of an answer. Hosts do not restart so fast.
    /// </summary>
    public bool HostWasThere => ResetAt >= 0 && Shape == ResetShape.Stateless && !SentFinBefore(Resetter) && !ResetterHadGivenUp
        && Connection.Side(Resetter).Has(SideMarks.PureAck | SideMarks.Payload) && SinceOwn < NotRestarted;

    /// <summary>Seconds from the newest other segment of the sender of the RST to the RST; negative if it sent one later.</summary>
    public double SinceOwn => (Connection.StartTime + Reset.Time - Connection.Side(Resetter).LastTime) / NanosecondsPerSecond;

    /// <summary>Keepalive probes without an answer right before the RST of the same side, one interval apart and the RST one interval later.</summary>
    public int KeepAliveRun => KeepAliveProbes.BeforeReset(this).Count;

    /// <summary>The place in the log where <see cref="KeepAliveRun"/> begins; -1 for none.</summary>
    public int KeepAliveRunAt => KeepAliveProbes.BeforeReset(this).First;

    /// <summary>The side that closed had retransmitted what it sent last, or the other side had, and no acknowledgment came before the close.</summary>
    public bool WaitsForAcknowledgment => Delivery.UnackedRetransmissions(Connection, 0).Count >= SocketView.RepeatsUntilGivenUp
        || Delivery.UnackedRetransmissions(Connection, 1).Count >= SocketView.RepeatsUntilGivenUp;

    /// <summary>The sequence number of the RST lies behind payload of its sender that was not captured: how long it was silent is not known.</summary>
    public bool ResetIsBeyondSent => ResetAt >= 0 && Connection.Side(Resetter).Sent.IsKnown && SequenceNumber.IsAfter(Reset.Sequence, Connection.Side(Resetter).Sent.Next);

    /// <summary>The RST came with another TTL than that host's other packets, and those all with one.</summary>
    public bool ResetHasOtherTimeToLive => ResetAt >= 0 && Reset.TimeToLive != Connection.Side(Resetter).TimeToLive
        && !Connection.Side(Resetter).Has(SideMarks.SeveralTimeToLives);

    /// <summary>The newest payload of the receiver of the RST before it.</summary>
    private int LastDataBeforeReset(int from)
    {
        int last = from;
        for (int i = from; i < ResetAt; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == Victim && o.Length > 0)
                last = i;
        }

        return last;
    }

    /// <summary>The RST that counts of the end whose RST was taken first; else the first RST there is.</summary>
    private int FindReset()
    {
        int counts = FindResetThatCounts();

        // A socket that aborts is gone: what its peer sends because that RST did not fit (RFC 5961, section 3.2) draws bare ones. The
        // first one is the close.
        if (counts >= 0 && (Connection.Log.Get(counts).Flags & TcpFlags.Ack) == 0)
        {
            int first = Find(ObservationKind.Rst, Connection.Log.Get(counts).Sender);
            bool isAbort = first < counts && ResetShapes.Of(Connection.Log.Get(first), Connection.Side(Connection.Log.Get(first).Sender)) == ResetShape.Active;
            if (isAbort && !Connection.Side(Connection.Log.Get(first).Sender).Has(SideMarks.AliveAfterRst))
                return first;
        }

        return counts;
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
    /// The newest segment of the victim that asked for an answer and whose acknowledgment number is the RST's sequence number.
    /// A RST from a socket that was alive answers nothing.
    /// </summary>
    private int FindTrigger()
    {
        for (int i = ResetAt - 1; i >= 0 && Shape != ResetShape.Active; i--)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (Reset.Time - o.Time > CloseWatch.LongestAnswer)
                break;
            if (o.Sender == Reset.Sender || o.Kind is ObservationKind.Rst or ObservationKind.IcmpError)
                continue;
            bool fits = Shape == ResetShape.ToSyn ? o.Kind is ObservationKind.Syn or ObservationKind.Retransmission : (o.Flags & TcpFlags.Ack) != 0 && o.Acknowledgment == Reset.Sequence;
            if (fits)
                return i;
        }

        return -1;
    }
}
