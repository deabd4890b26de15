using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Why there was no connection.</summary>
internal static class ConnectJudgement
{
    /// <summary>How the attempt ended; <see cref="CloseMechanism.None"/> where it was stopped: nobody has waited long enough to speak of silence.</summary>
    public static CloseMechanism MechanismOf(TeardownObservation seen) =>
        seen is { Connect: { } connect, Cancelled: var stopped } && !(stopped && connect == "blocks") ? MechanismOf(connect) : CloseMechanism.None;

    /// <summary>What connect's result says of the peer; <see cref="CloseMechanism.None"/> where it says something of this machine.</summary>
    private static CloseMechanism MechanismOf(string connect) => SocketErrors.Portable(connect) switch
    {
        "ECONNREFUSED" => CloseMechanism.Refused,
        "blocks" or "ETIMEDOUT" => CloseMechanism.Silence,

        // man 7 ip, icmp_err_convert of net/ipv4/icmp.c: what ICMP errors become. Without a route the first two come at once.
        "ENETUNREACH" or "EHOSTUNREACH" or "EHOSTDOWN" or "ENETDOWN" or "ENOPROTOOPT" => CloseMechanism.Unreachable,
        _ => CloseMechanism.None,
    };

    public static Judgement Of(TeardownObservation seen) => seen switch
    {
        { Connect: null, Cancelled: true } or { Connect: "blocks", Cancelled: true } =>
            new(Cause.Undetermined, Confidence.Low, "Stopped before there was a connection.") { Advice = "" },
        { Connect: null } => new(Cause.Undetermined, Confidence.High, "The name has no address that could be tried; nothing was sent.") { Advice = "Check the name, and the resolver that this machine asks; -IPv4 or -IPv6 rule out the other's addresses." },
        _ => OfResult(seen.Connect),
    };

    private static Judgement OfResult(string connect) => MechanismOf(connect) switch
    {
        CloseMechanism.Refused => new Judgement(Cause.ConnectionRefused, Confidence.High, "The SYN was answered with a RST: no socket listens on that port, or a firewall answers for the host.")
            .Or(Cause.MiddleboxReset, "a firewall that rejects with a RST sends the same packet as a host without a listener"),
        CloseMechanism.Silence => new Judgement(Cause.ConnectTimeout, Confidence.Medium, "The SYN was not answered while the probe waited: a firewall drops it, the host is down, or its listen queue is full.")
            .Or(Cause.AcceptQueueOverflow, "a server whose listen queue is full drops SYNs silently")
            .Or(Cause.SilentDrop, "a firewall or a dead path on the way drops them the same way"),
        CloseMechanism.Unreachable => new Judgement(Cause.NetworkUnreachable, Confidence.High, $"connect failed with {connect}: this host has no way there, or an ICMP error or an unanswered ARP or neighbour request on the way says so."),
        _ => new Judgement(Cause.Undetermined, Confidence.High, $"This machine could not make the connection: {connect}. Nothing is known of the target.") { Advice = "Look at this machine: descriptors (ulimit -n), local ports, its own firewall, the kind of address." },
    };
}
