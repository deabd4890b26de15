using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;

namespace BrokenPipeTools.Diagnosis.Rules;

/// <summary>
/// An ICMP error that quotes a segment of this connection (RFC 792, RFC 4443). On a connection that is up it is a soft error: it
/// counts where the segment was never acknowledged after it.
/// </summary>
internal sealed class NetworkUnreachable : CauseRule
{
    public override Cause Cause => Cause.NetworkUnreachable;

    public override IReadOnlyList<CloseState> States { get; } = [CloseState.Unanswered, CloseState.TimedOut];

    public override string Summary => "A router or host answered with an ICMP error, which says why.";

    public override string Advice => "Follow the ICMP error: the sender names the hop that refused. Check the route, the address, and the firewall that rejects there.";

    public override Confidence? Judge(CloseFacts facts)
    {
        int error = LastError(facts);
        if (error < 0)
            return null;
        ref readonly Observation o = ref facts.Connection.Log.Get(error);
        return IcmpErrno.Of(o.IcmpType, o.IcmpCode, facts.Connection.Key.IsIPv6) is null ? null : Confidence.High;
    }

    public override Prose Explain(CloseFacts facts)
    {
        int at = LastError(facts);
        ref readonly Observation o = ref facts.Connection.Log.Get(at);
        string errno = IcmpErrno.Of(o.IcmpType, o.IcmpCode, facts.Connection.Key.IsIPv6) ?? "";
        string what = facts.State == CloseState.Unanswered ? "the attempt to connect" : "what was sent";
        return $"An ICMP error (type {o.IcmpType}, code {o.IcmpCode}, frame {facts.Frame(at)}) answered {what} of {facts.Name(o.Sender)}: on Linux its call fails with {errno}{(facts.State == CloseState.Unanswered ? "" : ", in place of ETIMEDOUT, when the kernel gives up")}.";
    }

    public override IEnumerable<Finding.Mark> Evidence(CloseFacts facts) => [new(LastError(facts), "the ICMP error")];

    private static int LastError(CloseFacts facts) =>
        Math.Max(Last(facts, 0), Last(facts, 1));

    private static int Last(CloseFacts facts, int end)
    {
        int last = -1;
        for (int i = facts.Find(ObservationKind.IcmpError, end); i >= 0; i = facts.Find(ObservationKind.IcmpError, end, i + 1))
            last = i;
        return last;
    }
}
