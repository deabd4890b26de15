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

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Unanswered, CloseState.TimedOut, CloseState.Open];

    public override string Summary => "A router or host answered with an ICMP error, which has the reason.";

    public override string Advice => "Look at the ICMP error: its source address is the hop that rejected the packet. Check the route, the address, and the firewall there.";

    public override Confidence? Judge(CloseFacts facts)
    {
        LogPlace error = LastError(facts);
        if (!error.Exists)
            return null;
        ref readonly Observation o = ref facts.Connection.Log.Get(error);
        if (facts.State == CloseState.Unanswered)
            return Confidence.High;

        // The kernel still retransmits the quoted segment. An acknowledgment after the error would have cleared the error (tcp_ack() clears
        // sk_err_soft).
        ref readonly Side peer = ref facts.Connection.Side(1 - o.Sender);
        return peer.Has(SideMarks.HasAcknowledged) && !peer.Acknowledged.IsAfter(o.Sequence)
            ? (facts.State == CloseState.TimedOut ? Confidence.High : Confidence.Medium)
            : null;
    }

    public override Utf8Message Explain(CloseFacts facts)
    {
        LogPlace at = LastError(facts);
        ref readonly Observation o = ref facts.Connection.Log.Get(at);
        string errno = IcmpErrno.Of(o.Icmp, facts.Connection.Key.IsIPv6).Text();
        string what = facts.State == CloseState.Unanswered ? $"{facts.Name(o.Sender)}'s attempt to connect" : $"a segment of {facts.Name(o.Sender)}";
        return $"An ICMP error (type {o.Icmp.Type}, code {o.Icmp.Code}, frame {facts.Frame(at)}){Reporter(facts)} answered {what}: on Linux the call fails with {errno}{(facts.State == CloseState.Unanswered ? "" : ", in place of ETIMEDOUT, when the kernel gives up")}.";
    }

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
        for (LogPlace at = facts.Find(ObservationKind.IcmpError, end); at.Exists; at = facts.Find(ObservationKind.IcmpError, end, after: at))
        {
            ref readonly Observation o = ref facts.Connection.Log.Get(at);
            last = IcmpErrno.Of(o.Icmp, facts.Connection.Key.IsIPv6) == CallResult.None ? last : at;
        }

        return last;
    }
}
