using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// The client's handshake is complete, the server's is not: its SYN-ACK comes again, or a bare RST answers the handshake's last
/// ACK (tcp_abort_on_overflow; net/ipv4/tcp_minisocks.c, tcp_check_req).
/// </summary>
internal sealed class AcceptQueueOverflow : CauseRule
{
    public override Cause Cause => Cause.AcceptQueueOverflow;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset, CloseState.Open, CloseState.TimedOut];

    public override string Summary => "The handshake completed for the client, but the server had no room for the connection.";

    public override string Advice => "The server accepts too slowly: raise its backlog and net.core.somaxconn, and look at what keeps it from calling accept (nstat TcpExtListenOverflows counts these).";

    public override Confidence? Judge(CloseFacts facts)
    {
        int server = 1 - facts.Client;
        bool serverSilent = facts.Connection.Side(server).PayloadBytes == 0 && !facts.Connection.Side(server).Has(SideMarks.Fin);
        if (!facts.HandshakeSeen || !serverSilent || !facts.Connection.Side(facts.Client).Has(SideMarks.PureAck | SideMarks.Payload))
            return null;
        if (RepeatedAnswer(facts) >= 0)
            return Confidence.High;
        bool resetAtOnce = facts.State == CloseState.Reset && facts.ResetAt >= 0 && facts.Resetter == server && facts.Shape == ResetShape.Stateless
            && facts.Reset.Sequence == facts.Connection.Side(server).BaseSequence + 1 && facts.Connection.Side(server).Packets <= 3 && facts.Idle < 1;
        return resetAtOnce && facts.SignsOfForgery.Count == 0 ? Confidence.Medium : null; // else a firewall sent it, which dislikes what it saw
    }

    public override string Explain(CloseFacts facts)
    {
        int repeated = RepeatedAnswer(facts);
        return repeated >= 0
            ? $"{facts.NameFirst(facts.Client)} had completed the handshake, but {facts.Host(1 - facts.Client)} sent its SYN-ACK again (frame {facts.Frame(repeated)}): the listen queue was full, and the connection never reached the program."
            : $"{facts.NameFirst(facts.Client)} had completed the handshake, and {facts.Host(1 - facts.Client)} answered with a bare RST (frame {facts.Frame(facts.ResetAt)}): the connection never reached the program.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) =>
        [RepeatedAnswer(facts) is >= 0 and var at ? new(at, $"SYN-ACK again, after {facts.Name(facts.Client)}'s ACK") : new(facts.ResetAt, "a RST for the ACK of the handshake")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => RepeatedAnswer(facts) >= 0
        ? [(Cause.SilentDrop, $"{facts.Name(facts.Client)}'s ACK may have been lost on the way to {facts.Name(1 - facts.Client)}")]
        : [(Cause.PeerStateLost, "a host that has lost its state answers the same way"), (Cause.MiddleboxReset, "so does a firewall in its name")];

    /// <summary>The server's SYN-ACK that was repeated after the client had acknowledged it; -1 for none.</summary>
    private static int RepeatedAnswer(CloseFacts facts)
    {
        for (int i = facts.Find(ObservationKind.Retransmission, 1 - facts.Client); i >= 0; i = facts.Find(ObservationKind.Retransmission, 1 - facts.Client, i + 1))
        {
            if ((facts.Connection.Log.Get(i).Flags & TcpFlags.Syn) != 0)
                return i;
        }

        return -1;
    }
}
