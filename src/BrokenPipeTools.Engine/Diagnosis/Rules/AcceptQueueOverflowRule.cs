using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The handshake is complete for the client and not for the server: the server retransmits its SYN-ACK, or answers the last ACK of the handshake with
/// a bare RST (tcp_abort_on_overflow; net/ipv4/tcp_minisocks.c, tcp_check_req). TCP_DEFER_ACCEPT and a lost ACK look the same, so the confidence is
/// never High. A server that has acknowledged payload, or sent anything else, has the connection.
/// </summary>
internal sealed class AcceptQueueOverflowRule : CauseRule
{
    public override Cause Cause => Cause.AcceptQueueOverflow;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Open, CloseState.TimedOut];

    public override string Summary => "The handshake completed for the client, but the server had no room for the connection.";

    public override string Advice => "Check nstat TcpExtListenOverflows on the server. If it grows, the program accepts too slowly: raise its backlog and net.core.somaxconn, and find out why it does not call accept. If it does not grow, check for TCP_DEFER_ACCEPT and for lost packets.";

    /// <summary>Seconds. The first retransmission of a SYN-ACK comes after 1 s or more (RFC 6298, section 2.1; net/ipv4/inet_connection_sock.c).</summary>
    private const double ShortestTimer = 0.5;

    public override Confidence? Judge(CloseFacts facts)
    {
        ref readonly Side server = ref facts.Connection.Side(1 - facts.Client);
        if (!facts.HandshakeSeen || !facts.Connection.Side(facts.Client).Has(SideMarks.PureAck | SideMarks.Payload) || HasConnection(facts))
            return null;
        if (RepeatedAnswer(facts) is { Exists: true } repeated)
            return IsOnlyOne(facts, repeated) ? Confidence.Low : Confidence.Medium;
        bool resetAtOnce = facts.State == CloseState.Reset && facts.ResetAt.Exists && facts.ResetSender != facts.Client && facts.Shape == ResetShape.Stateless
            && facts.Reset.Sequence == server.BaseSequence.Add(1) && server.Packets <= 3 && facts.Idle < 1;
        return resetAtOnce && facts.SignsOfForgery.Count == 0 ? Confidence.Medium : null; // otherwise a firewall sent the RST, because it rejects the payload
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        LogPlace repeated = RepeatedAnswer(facts);
        if (!repeated.Exists)
            return $"{facts.NameFirst(facts.Client)} had completed the handshake, and {facts.Host(1 - facts.Client)} answered with a RST without ACK (frame {facts.Frame(facts.ResetAt)}): the connection never reached the program.";
        string end = facts.State == CloseState.Reset && facts.ResetSender != facts.Client ? $" Later segments were answered with a RST (frame {facts.Frame(facts.ResetAt)})." : "";
        return $"{facts.NameFirst(facts.Client)} had completed the handshake, but {facts.Host(1 - facts.Client)} retransmitted its SYN-ACK (frame {facts.Frame(repeated)}) and acknowledged nothing: the connection never reached the program. The accept queue may have been full.{end}";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
        [RepeatedAnswer(facts) is { Exists: true } at ? new(at, $"SYN-ACK retransmitted after {facts.Name(facts.Client)}'s ACK") : new(facts.ResetAt, "a RST for the ACK of the handshake")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => RepeatedAnswer(facts).Exists
        ?
        [
            (Cause.Undetermined, "a server with TCP_DEFER_ACCEPT ignores the ACK of the handshake and retransmits its SYN-ACK until payload arrives"),
            (Cause.SilentDrop, $"{facts.Name(facts.Client)}'s packets may have been lost on the way to {facts.Name(1 - facts.Client)}"),
        ]
        : [(Cause.PeerStateLost, "a host that has lost the connection's state sends the same RST"), (Cause.MiddleboxReset, "a firewall that answers for the host sends the same RST")];

    /// <summary>
    /// Returns whether nothing followed the retransmitted SYN-ACK that the server ignored, too. One that was lost on the way, or crossed the client's
    /// ACK, explains a single retransmission as well.
    /// </summary>
    private static bool IsOnlyOne(CloseFacts facts, LogPlace repeated) => facts.Connection.Log.Get(repeated).Count == 1
        && !facts.Find(ObservationKind.Retransmission, 1 - facts.Client, after: repeated).Exists
        && !facts.Find(ObservationKind.Retransmission, facts.Client, after: repeated).Exists && facts.State != CloseState.Reset;

    /// <summary>Returns whether the server has the connection: it acknowledged more than the SYN, or sent something other than SYN-ACK and RST.</summary>
    private static bool HasConnection(CloseFacts facts)
    {
        ref readonly Side server = ref facts.Connection.Side(1 - facts.Client);
        return server.Has(SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin)
            || (server.Has(SideMarks.HasAcknowledged) && server.Acknowledged.IsAfter(facts.Connection.Side(facts.Client).BaseSequence.Add(1)));
    }

    /// <summary>
    /// Returns the place of a SYN-ACK that the server's timer retransmitted after the client had acknowledged it. One that comes sooner answers a
    /// repeated SYN, or is a copy.
    /// </summary>
    private static LogPlace RepeatedAnswer(CloseFacts facts)
    {
        LogPlace first = facts.Find(ObservationKind.SynAck, 1 - facts.Client);
        for (LogPlace at = facts.Find(ObservationKind.Retransmission, 1 - facts.Client); at.Exists; at = facts.Find(ObservationKind.Retransmission, 1 - facts.Client, after: at))
        {
            if ((facts.Connection.Log.Get(at).Flags & TcpFlags.Syn) != 0 && facts.Connection.Log.Get(at).RepeatsAcknowledged && facts.Between(first, at) >= ShortestTimer)
                return at;
        }

        return LogPlace.None;
    }
}
