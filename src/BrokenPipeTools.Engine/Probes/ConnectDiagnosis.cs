using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>Decides why no connection was established.</summary>
internal static class ConnectDiagnosis
{
    /// <summary>The time after which a SYN is sent again: a second (RFC 6298, section 2.1), less a clock tick.</summary>
    private static readonly TimeSpan FirstRetransmission = TimeSpan.FromMilliseconds(990);

    /// <summary>Returns how the attempt ended; <see cref="CloseMechanism.None"/> if it was stopped so early that the wait proves no silence.</summary>
    public static CloseMechanism MechanismOf(TeardownObservation seen) =>
        seen is { Connect: { } connect, Cancelled: var stopped } && !(stopped && connect == "blocks")
            ? seen is { HasRoute: false, LacksScope: false } ? CloseMechanism.Unreachable : MechanismOf(connect, seen.OverIPv6)
            : CloseMechanism.None;

    /// <summary>
    /// Returns the peer's mechanism from the result of connect; <see cref="CloseMechanism.None"/> if this machine itself produced the result.
    /// </summary>
    private static CloseMechanism MechanismOf(string connect, bool overIPv6) => SocketErrors.Portable(connect) switch
    {
        "ECONNREFUSED" => CloseMechanism.Refused,
        "blocks" or "ETIMEDOUT" => CloseMechanism.Silence,

        // man 7 ip, icmp_err_convert of net/ipv4/icmp.c: the errno of each ICMP error. Without a route, connect returns the first two immediately.
        "ENETUNREACH" or "EHOSTUNREACH" or "EHOSTDOWN" or "ENETDOWN" or "ENOPROTOOPT" => CloseMechanism.Unreachable,

        // icmpv6_err_convert of net/ipv6/icmp.c: the errno of "administratively prohibited" and "reject route". IPv4 has EHOSTUNREACH for these.
        "EACCES" when overIPv6 => CloseMechanism.Unreachable,
        _ => CloseMechanism.None,
    };

    public static ProbeFinding Of(TeardownObservation seen) => seen switch
    {
        { Connect: null, Cancelled: true } or { Connect: "blocks", Cancelled: true } =>
            new(Cause.Undetermined, Confidence.Low, "Stopped before the connection was established.") { Advice = "" },
        { Connect: null } => new(Cause.Undetermined, Confidence.High, "The name has no usable address; nothing was sent.") { Advice = "Check the name and the DNS resolver of this machine; -IPv4 or -IPv6 excludes the addresses of the other family." },
        { LacksScope: true, Connect: var connect } when SocketErrors.Portable(connect) is "EINVAL" or "EADDRNOTAVAIL" or "EHOSTUNREACH" or "ENETUNREACH" =>
            new(Cause.Undetermined, Confidence.High, $"connect failed with {connect}: a link-local address is only valid on one link, so it needs the interface. Nothing was sent.") { Advice = "Give the address with its interface: fe80::1%eth0." },
        { HasRoute: false, LacksScope: false } => WithoutRoute(seen),
        _ => OfResult(seen.Connect, seen.OverIPv6, seen.HasRoute == true ? "" : "this host has no route to it, "),
    };

    /// <summary>
    /// Returns the finding if this machine itself has no usable route. Each type of route that forwards nothing has its errno (man 8 ip-route); without
    /// a route the errno is ENETUNREACH.
    /// </summary>
    private static ProbeFinding WithoutRoute(TeardownObservation seen)
    {
        string? type = SocketErrors.Portable(seen.Connect!) switch
        {
            "EINVAL" => "blackhole",
            "EACCES" => "prohibit",
            "EHOSTUNREACH" => "unreachable",
            _ => null,
        };
        string ip = seen.OverIPv6 ? "ip -6" : "ip";
        string reason = type is null ? "no entry of its routing table matches" : $"a route or rule of type {type} matches, which rejects the packets on this host";
        string look = type is null ? $"{ip} route; {ip} rule" : $"{ip} route show table all type {type}; {ip} rule";
        return new ProbeFinding(Cause.NetworkUnreachable, Confidence.High, $"connect failed with {seen.Connect}: this host has no usable route to the address: {reason}. Nothing was sent, so the result shows nothing about the target.")
        {
            Advice = $"Check the routes of this host (Linux: {look}). {(type is null ? "Add a route or a default gateway, or connect the interface or the VPN." : $"Delete the {type} route if it is not intended: an administrator, a VPN, a routing daemon or a tool that bans addresses may have added it.")}",
        };
    }

    /// <summary>Returns the finding of <see cref="TeardownProbeKind.Connect"/> for an established connection.</summary>
    public static ProbeFinding Connected(TeardownObservation seen)
    {
        double took = (seen.ConnectTime ?? TimeSpan.Zero).TotalSeconds;
        string late = seen.ConnectTime >= FirstRetransmission && seen.RoundTrip * 4 < seen.ConnectTime
            ? $" The round trip is {Words.Seconds(seen.RoundTrip.TotalSeconds)}: a SYN or its answer was lost, and the SYN was retransmitted (RFC 6298, section 2.1)."
            : "";
        return new ProbeFinding(Cause.StillOpen, Confidence.High, $"The connection was established in {Words.Seconds(took)}; nothing was sent, and this side closed it.{late}")
        {
            Advice = "The kernel of the host, or a proxy in front of it, completes the handshake before the program accepts: the other probes show if the program answers.",
        };
    }

    private static ProbeFinding OfResult(string connect, bool overIPv6, string noRoute) => MechanismOf(connect, overIPv6) switch
    {
        CloseMechanism.Refused => new ProbeFinding(Cause.ConnectionRefused, Confidence.Medium, "The SYN was answered with a RST or an ICMP port unreachable: no socket listens on that port, or a firewall answers for the host.")
            .Or(Cause.MiddleboxReset, "a firewall that rejects with a RST sends the same packet as a host without a listener")
            .Or(Cause.NetworkUnreachable, "a firewall that rejects with ICMP port unreachable (the default of iptables -j REJECT) gives the same error"),
        CloseMechanism.Silence => new ProbeFinding(Cause.ConnectTimeout, Confidence.Medium, "The SYN was not answered while the probe waited: a firewall drops it, the host is down, or its accept queue is full.")
            .Or(Cause.AcceptQueueOverflow, "a server whose accept queue is full drops SYNs without an answer")
            .Or(Cause.SilentDrop, "a firewall or a broken path also drops SYNs without an answer"),
        CloseMechanism.Unreachable when SocketErrors.Portable(connect) == "EACCES" => new ProbeFinding(Cause.NetworkUnreachable, Confidence.Medium, $"connect failed with {connect}: over IPv6 the reason is an ICMPv6 error, \"administratively prohibited\" from a firewall or \"reject route\" from a router.")
            .Or(Cause.Undetermined, "a local policy on this machine may have blocked the connect"),
        CloseMechanism.Unreachable => new ProbeFinding(Cause.NetworkUnreachable, Confidence.High, $"connect failed with {connect}: {noRoute}an ICMP error arrived, or an ARP or neighbor request was not answered."),
        _ => new ProbeFinding(Cause.Undetermined, Confidence.High, $"This machine could not make the connection: {connect}. The result shows nothing about the target.") { Advice = "Check this machine: file descriptors (ulimit -n), local ports, its own firewall, the kind of address." },
    };
}
