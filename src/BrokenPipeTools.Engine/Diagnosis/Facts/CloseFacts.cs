using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.History;
using BrokenPipeTools.Diagnosis.Rules;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// Collects from a connection the facts that the rules use, such as the side that closed, the closing packet, the segment that it answers, and the
/// silence before it. The rules draw the conclusions.
/// </summary>
internal sealed partial class CloseFacts
{
    private readonly CloseCase _of;
    private ResultsOfBoth? _results; // computed on first use and written once; two threads at most compute the same value twice

    public CloseFacts(in CloseCase of)
    {
        _of = of;
        HalfClosed = HalfClosedSpan.Of(of.Connection, of.Until);
        Local = of.Context.LocalEnd(of.Connection, of.Client);
        ResetAt = FindReset();
        Shape = ResetAt.Exists ? ResetShapes.Of(Reset, of.Connection.Side(ResetSender)) : ResetShape.None;
        TriggerAt = ResetAt.Exists ? FindTrigger() : LogPlace.None;
        SignsOfForgery = ResetAt.Exists ? ResetOrigin.Signs(this) : [];
    }

    public Connection Connection => _of.Connection;

    /// <summary>The results of the next calls at an end.</summary>
    public ref readonly SideResults ResultsAt(int end)
    {
        ResultsOfBoth results = _results ?? FindResults();
        return ref end == 0 ? ref results.OfEnd0 : ref results.OfEnd1;
    }

    /// <summary>The client's end.</summary>
    public int Client => _of.Client;

    /// <summary>The end that explanations call "your program"; -1 if neither end is local.</summary>
    public int Local { get; }

    /// <summary>The input of the diagnosis besides the packets.</summary>
    public DiagnosisContext Context => _of.Context;

    /// <summary>The time-outs that a silence is compared with.</summary>
    public KnownTimers Timers => _of.Context.Timers;

    /// <summary>Properties that the connection shares with earlier ones; null if there are none.</summary>
    public CloseNeighbors? Neighbors => _of.Neighbors;

    public CloseState State => _of.State;

    public ClosedBy ClosedBy => _of.ClosedBy;

    /// <summary>The place of the RST that ended the connection. If no RST ended it, the place of the first RST.</summary>
    public LogPlace ResetAt { get; }

    public ref readonly Observation Reset => ref Connection.Log.Get(ResetAt);

    /// <summary>The end whose address the RST has. It sent the RST, unless the RST was forged.</summary>
    public int ResetSender => Reset.Sender;

    /// <summary>The end that received the RST.</summary>
    public int ResetReceiver => 1 - Reset.Sender;

    public ResetShape Shape { get; }

    /// <summary>The place of the segment that the RST answers; none if it answers no segment.</summary>
    public LogPlace TriggerAt { get; }

    /// <summary>
    /// The place of the segment right before the RST that it may answer, whatever the form of the RST: a device that forges RSTs need not follow the
    /// rules for hosts.
    /// </summary>
    public LogPlace AnsweredAt
    {
        get
        {
            if (TriggerAt.Exists || !ResetAt.Exists || Connection.ClosingIndex < 0)
                return TriggerAt;
            LogPlace at = new(Connection.Log.IndexOf(Connection.ClosingIndex));
            return at < ResetAt && Connection.Log.Get(at).Sender == ResetReceiver ? at : LogPlace.None;
        }
    }

    /// <summary>The signs that the host with the RST's source address did not send the RST. Several rules use them.</summary>
    public IReadOnlyList<Finding.Mark> SignsOfForgery { get; }

    /// <summary>The number of strong signs. A TTL that differs by one is a weak sign, because it may mean another path.</summary>
    public int StrongSigns => SignsOfForgery.Count - (SignsOfForgery.Count > 0 && ResetIsOneHopOff ? 1 : 0);

    /// <summary>The place of the RST, if the host with its source address did not send it; otherwise none.</summary>
    public LogPlace ForgedResetAt => StrongSigns > 0 ? ResetAt : LogPlace.None;

    /// <summary>Whether the end had sent FIN before the RST.</summary>
    public bool SentFinBefore(int end) => Connection.Side(end).FinAt is { Exists: true } at && (!ResetAt.Exists || at <= Reset.At);

    /// <summary>Seconds of silence before the first closing packet, or before the segment that it answers; 0 if there was no earlier segment.</summary>
    public double Idle => Nanoseconds.ToSeconds(Math.Max(0, Connection.Close.Idle));

    /// <summary>Seconds from the last payload byte to the packet at which <see cref="Idle"/> ends; 0 if there was no payload.</summary>
    public double PayloadIdle => Nanoseconds.ToSeconds(Math.Max(0, Connection.Close.PayloadIdle));

    /// <summary>Seconds of silence before the closing: <see cref="PayloadIdle"/>, or <see cref="Idle"/> if there was no payload.</summary>
    public double Silence => Nanoseconds.ToSeconds(Connection.Close.Silence);

    /// <summary>Nanoseconds for which the connection was half-closed; -1 if its closing did not begin with a FIN.</summary>
    public long HalfClosed { get; }

    /// <summary>Seconds for which the connection was half-closed; 0 if its closing did not begin with a FIN.</summary>
    public double HalfClosedFor => Nanoseconds.ToSeconds(Math.Max(0, HalfClosed));

    /// <summary>Payload bytes of an end that the other side never acknowledged; 0 if the other side was not captured.</summary>
    public long Unacked(int end) => UnackedPayload.Of(Connection, end) ?? 0;

    /// <summary>Whether payload was sent in any direction.</summary>
    public bool AnyPayload => Connection.Side(0).PayloadBytes + Connection.Side(1).PayloadBytes > 0;

    /// <summary>Whether SYN, SYN-ACK and a later segment of the opener were captured.</summary>
    public bool HandshakeSeen => Find(ObservationKind.Syn, Client).Exists && Find(ObservationKind.SynAck, 1 - Client).Exists;

    /// <summary>Seconds from the last SYN before the SYN-ACK to the SYN-ACK; -1 if one of these packets was not captured.</summary>
    public double HandshakeDelay
    {
        get
        {
            LogPlace answer = Find(ObservationKind.SynAck, 1 - Client);
            for (int i = answer.Index - 1; i >= 0; i--)
            {
                ref readonly Observation o = ref Connection.Log.Get(i);
                if (o.IsSyn && o.Sender == Client)
                    return Nanoseconds.ToSeconds(Connection.Log.Get(answer).Time - o.Time);
            }

            return -1;
        }
    }

    /// <summary>The shortest time in which the server answered a SYN or payload, in seconds; -1 if it is not known.</summary>
    public double QuickestOfServer
    {
        get
        {
            double answer = Nanoseconds.ToSeconds(Connection.Close.QuickestAnswer(1 - Client));
            return answer == 0 || HandshakeDelay < 0 ? HandshakeDelay : Math.Min(answer, HandshakeDelay);
        }
    }

    /// <summary>Whether the capture is damaged or cut, or was stopped, while the connection was open.</summary>
    public bool IsCutShort => _of.IsCutShort;

    /// <summary>Whether the server sent nothing except its SYN-ACK and RSTs.</summary>
    public bool ServerNeverSpoke => HandshakeSeen && !Connection.Side(1 - Client).Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin);

    /// <summary>Whether the capture lacks data, which lowers the confidence of every cause.</summary>
    public bool IsPartial => _of.IsAfterDrops || Connection.Side(0).Packets == 0 || Connection.Side(1).Packets == 0 || Connection.Opener < 0 || Connection.Log.Omitted > 0;

    /// <summary>Returns Wireshark's number of the frame of an observation.</summary>
    public long Frame(LogPlace at) => Connection.FirstFrame + Connection.Log.Get(at).Frame;

    /// <summary>Returns the frame of an end's first FIN; 0 for none.</summary>
    public long FinFrame(int end) => Connection.FrameAt(Connection.Side(end).FinAt) ?? 0;

    /// <summary>Returns the seconds between two observations.</summary>
    public double Between(LogPlace from, LogPlace to) => Nanoseconds.ToSeconds(Connection.Log.Get(to).Time - Connection.Log.Get(from).Time);

    /// <summary>Returns the place of the first observation of a kind that an end sent, after another place if one is given.</summary>
    public LogPlace Find(ObservationKind kind, int end, LogPlace after = default)
    {
        ref readonly ObservationLog log = ref Connection.Log;
        int kept = log.Kept;
        for (int i = after.Index + 1; i < kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Kind == kind && o.Sender == end)
                return new LogPlace(i);
        }

        return LogPlace.None;
    }

    /// <summary>Returns how many observations of a kind an end sent; only those before a place if one is given.</summary>
    public int Count(ObservationKind kind, int end, LogPlace before = default)
    {
        int count = 0;
        int until = before.Exists ? before.Index : Connection.Log.Kept;
        for (int i = 0; i < until; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Kind == kind && o.Sender == end)
                count += o.Count;
        }

        return count;
    }

    /// <summary>
    /// Returns the place of the first payload that an end sent after the other's FIN and before the RST. Payload that the FIN acknowledges had arrived
    /// before it: it was captured late, or repeated.
    /// </summary>
    public LogPlace DataAfterFin(int end)
    {
        LogPlace fin = Find(ObservationKind.Fin, 1 - end);
        if (!fin.Exists)
            return LogPlace.None;
        int until = ResetAt.Exists ? ResetAt.Index : Connection.Log.Kept;
        for (int i = AcknowledgesFinBefore(fin) ? fin.Index - 1 : fin.Index + 1; i < until; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender == end && o.Length > 0 && o.Kind is ObservationKind.Data or ObservationKind.Fin or ObservationKind.Retransmission && !IsAcknowledgedBy(Connection.Log.Get(fin), o))
                return new LogPlace(i);
        }

        return LogPlace.None;
    }

    /// <summary>Returns whether the payload right before a FIN in the log acknowledges that FIN: the capture has the two in the wrong order.</summary>
    private bool AcknowledgesFinBefore(LogPlace fin)
    {
        if (fin.Index == 0)
            return false;
        ref readonly Observation before = ref Connection.Log.Get(fin.Index - 1);
        int closer = Connection.Log.Get(fin).Sender;
        return before.Sender != closer && before.Kind == ObservationKind.Data && (before.Flags & TcpFlags.Ack) != 0 && before.Acknowledgment.IsAtOrAfter(Connection.Side(closer).FinEnd);
    }

    private static bool IsAcknowledgedBy(in Observation fin, in Observation payload) =>
        (fin.Flags & TcpFlags.Ack) != 0 && fin.Acknowledgment.IsAtOrAfter(payload.Sequence.Add(payload.Length));

    /// <summary>
    /// Returns whether an end sent nothing after the other's FIN except one final TLS record: its close_notify. The other end no longer waited for
    /// that, so nothing is lost.
    /// </summary>
    public bool SentOnlyTlsClosureAlertAfterFin(int end)
    {
        bool any = false;
        LogPlace fin = Find(ObservationKind.Fin, 1 - end);
        for (int i = fin.Index + 1; fin.Exists && i < Connection.Log.Kept; i++)
        {
            ref readonly Observation o = ref Connection.Log.Get(i);
            if (o.Sender != end || o.Length == 0 || o.Kind is not (ObservationKind.Data or ObservationKind.Fin))
                continue;
            if (!o.IsTlsClosureAlert || o.Count > 1 || any)
                return false;
            any = true;
        }

        return any;
    }

    private ResultsOfBoth FindResults()
    {
        ResultsOfBoth found = new(SideResults.Of(Connection, 0, ForgedResetAt), SideResults.Of(Connection, 1, ForgedResetAt));
        Volatile.Write(ref _results, found); // written only when it is complete, so that another thread never reads a part of it
        return found;
    }

    private sealed class ResultsOfBoth(in SideResults ofEnd0, in SideResults ofEnd1)
    {
        public readonly SideResults OfEnd0 = ofEnd0;
        public readonly SideResults OfEnd1 = ofEnd1;
    }
}
