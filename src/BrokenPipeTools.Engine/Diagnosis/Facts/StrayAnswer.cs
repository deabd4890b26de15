using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Facts;

/// <summary>
/// Detects a SYN-ACK that comes from another address than the one that the SYN was sent to. The reason is an address translation that is not undone
/// on the way back (a service address whose answers bypass it), direct server return, or an asymmetric path. The client has no such connection and
/// resets it. Neither host has lost its state.
/// </summary>
internal static class StrayAnswer
{
    private const SideMarks Established = SideMarks.PureAck | SideMarks.Payload | SideMarks.Fin;

    /// <summary>The advice for both records of such a connection attempt.</summary>
    public const string Advice = "Check the address translation between the two hosts, and the path back: answers must pass the same device (conntrack -L; bridge-nf-call-iptables for bridged containers; the service's external traffic policy), or the server must own the service address (direct server return).";

    /// <summary>Returns whether the client reset a SYN-ACK that answers a SYN to another address, and that SYN has no answer of its own.</summary>
    public static bool IsReset(CloseFacts facts) =>
        facts.Connection.Related is { SynFrame: > 0, AnswerFrame: 0 } && IsUnasked(facts);

    /// <summary>Returns whether the client reset a SYN-ACK, and otherwise sent at most a SYN.</summary>
    public static bool IsUnasked(CloseFacts facts)
    {
        if (!facts.ResetAt.Exists || facts.ResetSender != facts.Client || facts.Connection.Side(facts.Client).Has(Established))
            return false;
        LogPlace answer = facts.Find(ObservationKind.SynAck, 1 - facts.Client);
        return answer.Exists && facts.Reset.Sequence == facts.Connection.Log.Get(answer).Acknowledgment && (facts.Reset.Flags & TcpFlags.Ack) == 0;
    }

    /// <summary>Returns whether a SYN has no answer from the address that it was sent to, but one from another address.</summary>
    public static bool IsElsewhere(CloseFacts facts) => facts.Connection.Related is { AnswerFrame: > 0 };

    /// <summary>Explains why the client reset an answer from another address.</summary>
    public static Utf8Message ExplainReset(CloseFacts facts)
    {
        RelatedAttempt asked = facts.Connection.Related!;
        LogPlace answer = facts.Find(ObservationKind.SynAck, 1 - facts.Client);
        return $"The SYN-ACK (frame {facts.Frame(answer)}) answers a SYN that went to another address, {EndpointOf(facts, asked)} (stream {asked.Stream}, frame {asked.SynFrame}): {facts.Host(facts.Client)} expected no answer from this address and reset it (frame {facts.Frame(facts.ResetAt)}). "
            + "Address translation was not undone on the way back, or the path is asymmetric; neither host lost a connection or refused one.";
    }

    /// <summary>Names the answer that came from another address.</summary>
    public static string ExplainElsewhere(CloseFacts facts)
    {
        RelatedAttempt answered = facts.Connection.Related!;
        return $"not answered from that address, but from another, {EndpointOf(facts, answered)} (stream {answered.Stream}, frame {answered.AnswerFrame}): address translation was not undone on the way back, or the path is asymmetric";
    }

    private static string EndpointOf(CloseFacts facts, RelatedAttempt other)
    {
        string address = facts.Context.HostOf(other.Server.Address, other.Server.IsIPv6);
        return other.Server.IsIPv6 ? $"[{address}]:{other.Server.Port}" : $"{address}:{other.Server.Port}";
    }
}
