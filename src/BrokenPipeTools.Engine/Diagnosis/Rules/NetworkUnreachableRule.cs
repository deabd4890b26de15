using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.SocketModel;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// An ICMP error quotes a segment of this connection (RFC 792, RFC 4443). On an established connection such an error is a soft error: it counts only
/// if the quoted segment was never acknowledged after it.
/// </summary>
internal sealed class NetworkUnreachableRule : CauseRule
{
    public override Cause Cause => Cause.NetworkUnreachable;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Unanswered, CloseState.TimedOut, CloseState.Open, CloseState.Reset];

    public override string Summary => "A router or host answered with an ICMP error, which has the reason.";

    public override string Advice => "Look at the ICMP error: its source address is the hop that rejected the packet. Check the route, the address, and the firewall there.";

    public override Confidence? Judge(CloseFacts facts)
    {
        if (facts.State == CloseState.Reset && facts.Connection.Icmp is null)
            return null; // the usual case
        LogPlace error = LastError(facts);
        if (!error.Exists)
            return null;
        ref readonly Observation o = ref facts.Connection.Log.Get(error);
        if (facts.State == CloseState.Unanswered)
            return Confidence.High;
        if (facts.State == CloseState.Reset && !(facts.ResetSenderHadGivenUp && o.Sender == facts.ResetSender))
            return null; // the RST ended a connection that still worked

        // The kernel still retransmits the quoted segment. An acknowledgment after the error would have cleared the error (tcp_ack() clears
        // sk_err_soft).
        ref readonly Side peer = ref facts.Connection.Side(1 - o.Sender);
        return peer.Has(SideMarks.HasAcknowledged) && !peer.Acknowledged.IsAfter(o.Sequence)
            ? (facts.State == CloseState.Open ? Confidence.Medium : Confidence.High)
            : null;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        LogPlace at = LastError(facts);
        ref readonly Observation o = ref facts.Connection.Log.Get(at);
        string errno = IcmpErrno.Of(o.Icmp, facts.Connection.Key.IsIPv6).Text();
        string what = facts.State == CloseState.Unanswered ? $"{facts.Name(o.Sender)}'s attempt to connect" : $"a segment of {facts.Name(o.Sender)}";
        string when = facts.State switch
        {
            CloseState.Unanswered => "",
            CloseState.Reset => ", in place of ETIMEDOUT, because the kernel had given up",
            _ => ", in place of ETIMEDOUT, when the kernel gives up",
        };
        return $"An ICMP error (type {o.Icmp.Type}, code {o.Icmp.Code}, frame {facts.Frame(at)}){Reporter(facts)} answered {what}: on Linux the call fails with {errno}{when}.{AfterGivingUp(facts)}";
    }

    /// <summary>Describes the RST with which the host answered a segment that came after its kernel had given up.</summary>
    private static string AfterGivingUp(CloseFacts facts) => facts.State == CloseState.Reset
        ? $" A later packet of {facts.Name(facts.ResetReceiver)} was answered with a RST (frame {facts.Frame(facts.ResetAt)}), because there was no socket any more."
        : "";

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(LastError(facts), "the ICMP error")];

    public override IEnumerable<(Cause Cause, string Why)> Alternatives(CloseFacts facts) => facts.State == CloseState.Open
        ? [(Cause.StillOpen, "the kernel continues to retransmit, and the path may recover")]
        : [];

    private static string Reporter(CloseFacts facts) =>
        facts.Connection.Icmp is { } icmp && icmp.ErrorFrom != default ? $" from {facts.Context.HostOf(icmp.ErrorFrom, facts.Connection.Key.IsIPv6)}" : "";

    private static LogPlace LastError(CloseFacts facts) => Last(facts, 0) > Last(facts, 1) ? Last(facts, 0) : Last(facts, 1);

    private static LogPlace Last(CloseFacts facts, int end)
    {
        LogPlace last = LogPlace.None;
        for (LogPlace at = facts.Find(ObservationKind.IcmpError, end); at.Exists && !(facts.State == CloseState.Reset && facts.ResetAt < at); at = facts.Find(ObservationKind.IcmpError, end, after: at))
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(at);
            last = IcmpErrno.Of(o.Icmp, facts.Connection.Key.IsIPv6) == CallResult.None ? last : at;
        }

        return last;
    }
}
