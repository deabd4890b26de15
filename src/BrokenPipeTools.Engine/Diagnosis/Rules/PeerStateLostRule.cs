using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// A bare RST comes from a host that no longer has state for the connection. The host sent no FIN, or dropped the connection some time after its FIN
/// (tcp_fin_timeout, TCP_LINGER2).
/// </summary>
internal sealed class PeerStateLostRule : CauseRule
{
    public override Cause Cause => Cause.PeerStateLost;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Reset];

    public override string Summary => "The peer's host no longer had the connection: it was restarted, or its half-closed socket had expired.";

    public override string Advice => "Check if that host or process was restarted, or if the address moved to another host. The program must reconnect; TCP keepalive detects this sooner.";

    public override Confidence? Judge(CloseFacts facts)
    {
        if (facts.Shape != ResetShape.Stateless || facts.HostWasThere)
            return null;
        if (facts.Connection.Side(facts.ResetSender).IsInSynSent && !facts.TriggerAt.Exists)
            return null; // the host never had the connection
        if (facts.ResetIsUnasked && !facts.SentFinBefore(facts.ResetSender))
            return null; // a host without the connection only answers
        if (IsUnasked(facts) || facts.IsOnlyResets)
            return Confidence.Low;
        return facts.SentFinBefore(facts.ResetSender) && facts.DataAfterFin(facts.ResetReceiver).Exists ? null : Confidence.Medium;
    }

    /// <summary>The host that sent the RST has no socket. After a FIN of either side, a program may still have its descriptor of a closed socket.</summary>
    public override int EndWithoutSocket(CloseFacts facts) => facts.SentFinBefore(0) || facts.SentFinBefore(1) ? -1 : facts.ResetSender;

    public override Utf8Message Explain(CloseFacts facts)
    {
        if (facts.SentFinBefore(facts.ResetSender))
            return $"{facts.NameFirst(facts.ResetSender)} closed (FIN, frame {facts.FinFrame(facts.ResetSender)}), and {facts.Host(facts.ResetSender)} dropped the rest of the connection with a RST (frame {facts.Frame(facts.ResetAt)}).{facts.NextCall(facts.ResetReceiver)}";
        if (IsUnasked(facts))
            return $"{facts.HostFirst(facts.Client)} sent a RST (frame {facts.Frame(facts.ResetAt)}) in answer to a SYN-ACK (frame {facts.Frame(facts.Find(ObservationKind.SynAck, 1 - facts.Client))}) for which the capture has no SYN: the SYN went to another address (address translation that is not undone on the way back, or direct server return), or it took another path (asymmetric routing), or another host sent it with a forged source address, or the capture began after it.";
        string asked = facts.TriggerAt.Exists ? $" in answer to {facts.NameTrigger()}" : "";
        return $"{facts.HostFirst(facts.ResetSender)} sent a RST without ACK (frame {facts.Frame(facts.ResetAt)}){asked}{(facts.HandshakeSeen ? ", without a FIN before" : "; no FIN from it was captured")}: it no longer had the connection.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(facts.ResetAt, IsUnasked(facts) ? "resets a SYN-ACK without a SYN" : facts.SentFinBefore(0) || facts.SentFinBefore(1) ? "no socket any more" : "no socket, and no FIN before")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.SentFinBefore(facts.ResetSender)
        ? AfterFin(facts)
        : IsUnasked(facts) ? []
        :
        [
            (Cause.MiddleboxReset, "a firewall that rejects with a RST sends the same packet"),
            .. Expired(facts),
            .. OfServer(facts),
        ];

    /// <summary>
    /// Returns the alternative that a device dropped the connection from its table. Returns nothing if an equal silence before did not have this
    /// effect.
    /// </summary>
    private static IEnumerable<(Cause Cause, string Why)> Expired(CloseFacts facts)
    {
        if (!facts.SilenceWasSurvived && facts.Idle > StateExpiredRule.Shortest)
            yield return (Cause.StateExpired, "a firewall that has dropped the connection from its table sends the same packet");
        else if (facts.SilenceWasSurvived && facts.PayloadIdle >= StateExpiredRule.ShortestDeviceTimeout && facts.PayloadIdle > facts.Idle)
            yield return (Cause.StateExpired, $"a device that does not count keepalive probes as traffic had seen no payload for {Words.Seconds(facts.PayloadIdle)}");
    }

    /// <summary>Returns the alternatives: the server never accepted the connection, or a kernel gave up.</summary>
    private static IEnumerable<(Cause Cause, string Why)> OfServer(CloseFacts facts)
    {
        if (facts.ServerNeverSpoke && facts.ResetSender != facts.Client)
            yield return (Cause.AcceptQueueOverflow, "a server that never accepted the connection sends the same RST");
        if (facts.Idle >= 1 || facts.Count(ObservationKind.Retransmission, facts.ResetSender, facts.ResetAt) > 0)
            yield return (Cause.SilentDrop, "its kernel may have given up after packets that it had sent were lost");
    }

    /// <summary>Returns whether the client reset a SYN-ACK whose SYN the capture does not have.</summary>
    private static bool IsUnasked(CloseFacts facts) => StrayAnswer.IsUnasked(facts) && !facts.Find(ObservationKind.Syn, facts.Client).Exists;

    private static IEnumerable<(Cause Cause, string Why)> AfterFin(CloseFacts facts)
    {
        yield return (Cause.AbortiveClose, "the program may have reset the connection after it had shut down its sending side");
        if (facts.ResetHasOtherTimeToLive)
            yield return (Cause.MiddleboxReset, "the TTL of the RST is not that of the host's other packets");
    }
}
