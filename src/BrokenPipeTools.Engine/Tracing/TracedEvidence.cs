using System.Globalization;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Tracing;

/// <summary>Lists the kernel's events that prove a record, in the order of their times.</summary>
internal static class TracedEvidence
{
    /// <summary>Lists the events, each with the number of seconds by which it came before the call.</summary>
    public static IEnumerable<string> Of(FailedCall call, SocketTable sockets) =>
        Events(call, sockets).Where(one => one.Time <= call.Time + Nanoseconds.PerMillisecond).OrderBy(one => one.Time).Select(one => string.Create(CultureInfo.InvariantCulture, $"{(one.Time - call.Time) / 1e9:+0.000000;-0.000000;0} s kernel: {one.Text}"));

    private static IEnumerable<(long Time, string Text)> Events(FailedCall call, SocketTable sockets)
    {
        if (call.Signal is { } signal)
            yield return (signal.Origin.Time, $"SIGPIPE {(signal.IsIgnored ? "ignored" : "delivered")} (signal_generate)");
        if (call.Life is not { } life)
            yield break;
        if (life.Connecting is { } connecting)
            yield return (connecting.Time, "SYN sent (inet_sock_set_state SYN_SENT)");
        if (life.FinReceived is { } fin)
            yield return (fin, "FIN received (inet_sock_set_state)");
        if (life.FinSent is { } own)
            yield return (own.Time, string.Create(CultureInfo.InvariantCulture, $"FIN sent by thread {own.Thread} (inet_sock_set_state)"));
        if (life.Peer?.FinSent is { } act)
            yield return (act.Time, string.Create(CultureInfo.InvariantCulture, $"FIN sent by the peer's thread {act.Thread} (inet_sock_set_state)"));
        if (life.EndRead is { } read && read <= call.Time)
            yield return (read, "a read returned 0 (sock_recv_length)");
        if (life.ResetTaken is { } taken)
            yield return (taken, "reset (tcp_receive_reset)");
        if (life.ResetFrom is { } from)
            yield return (from.Origin.Time, $"RST sent to it: {sockets.DropReason(from) ?? from.Reason} ({(from.Origin.IsTask ? "by a program" : "in answer to a packet")}, tcp_send_reset)");
        if (life.ResetGiven is { } given)
            yield return (given.Origin.Time, $"RST sent: {given.Reason} (tcp_send_reset)");
        if (life.RetransmissionTimes is [.., var last] && sockets.Firewall.MeetAll(life.RetransmissionTimes))
            yield return (last, "a firewall dropped a packet at each retransmission (kfree_skb NETFILTER_DROP)");
        if (life.Error is { } error)
            yield return (error.Origin.Time, $"{SocketErrors.Name(error.Errno, SocketPlatform.Linux)} set on the socket (inet_sk_error_report)");
    }
}
