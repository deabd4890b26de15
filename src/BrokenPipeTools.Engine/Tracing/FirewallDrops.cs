using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// The packets that a firewall of this kernel dropped (kfree_skb with NETFILTER_DROP). The event contains no addresses. A dropped packet is assigned
/// to a connection if it was dropped during the sender's own call, or if a packet was dropped at the time of each retransmission and hardly any other
/// packet was.
/// </summary>
internal sealed class FirewallDrops
{
    public const string Reason = "NETFILTER_DROP";

    private const int MostDrops = 16_384;
    private const int FewestRetransmissions = 2;
    private const int MostOthers = 2;

    private static readonly long Before = Nanoseconds.From(TimeSpan.FromMilliseconds(0.5));
    private static readonly long After = Nanoseconds.From(TimeSpan.FromMilliseconds(20)); // the time from a call to the drop of its packet, or of the answer to it, also on a busy processor
    private static readonly long OwnCall = Nanoseconds.From(TimeSpan.FromMilliseconds(1));

    private readonly Queue<PacketDropped> _drops = new();

    /// <summary>Adds a dropped packet. If there are too many, the oldest one is removed.</summary>
    public void Add(PacketDropped drop)
    {
        _drops.Enqueue(drop);
        if (_drops.Count > MostDrops)
            _drops.Dequeue();
    }

    /// <summary>Returns whether a packet was dropped at the time of each retransmission of a socket, and hardly any other packet was.</summary>
    public bool MeetAll(IReadOnlyList<long> retransmissions)
    {
        if (retransmissions.Count < FewestRetransmissions)
            return false;
        long begin = retransmissions[0] - Before, end = retransmissions[^1] + After;
        long[] times = [.. _drops.Select(drop => drop.Origin.Time).Where(time => time >= begin && time <= end)];
        int met = times.Count(time => retransmissions.Any(one => time >= one - Before && time <= one + After));
        return times.Length - met <= MostOthers && retransmissions.All(one => times.Any(time => time >= one - Before && time <= one + After));
    }

    /// <summary>Returns whether this host's firewall dropped a packet that a thread sent during its call.</summary>
    public bool MeetCall(SocketAct call) => _drops.Any(drop => drop.Origin is { IsTask: true } origin && origin.Thread == call.Thread && origin.Time >= call.Time && origin.Time - call.Time < OwnCall);
}
