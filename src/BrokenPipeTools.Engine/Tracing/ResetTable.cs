using System.Net;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>The RSTs that this kernel sent and whose receiving socket was not found yet.</summary>
internal sealed class ResetTable
{
    private const int MostResets = 16_384;

    /// <summary>The longest time between the sending and the arrival of a RST. A RST and its receiver are joined by addresses within this time.</summary>
    private static readonly long LongestWay = Nanoseconds.From(TimeSpan.FromSeconds(5));

    private static readonly IPEndPoint Nobody = new(IPAddress.Any, 0);
    private static readonly IPEndPoint NobodyIPv6 = new(IPAddress.IPv6Any, 0);

    private readonly BoundedTable<SocketPair, ResetSent> _resets = new(MostResets);
    private readonly BoundedTable<ulong, PacketDropped> _drops = new(MostResets);

    /// <summary>Whether the kernel records the addresses of RSTs.</summary>
    public bool HasAddresses { get; set; }

    /// <summary>Adds a RST. If several RSTs of a connection are on their way, the first one is kept, because it ends the connection.</summary>
    public void Add(ResetSent reset, SocketPair pair)
    {
        if (!_resets.TryGet(pair, out ResetSent? earlier) || reset.Origin.Time - earlier.Origin.Time > LongestWay)
            _resets.Set(pair, reset);
    }

    /// <summary>Finds the RST that a socket has just received, and removes it. Returns null if no socket on this kernel sent it.</summary>
    public ResetSent? Join(SocketLife receiver, long time)
    {
        if (receiver.Pair is not { } pair || receiver.IsAmbiguous)
            return null;
        foreach (SocketPair key in new SocketPair[] { pair.Reversed, new(pair.Remote, Nobody), new(pair.Remote, NobodyIPv6) })
        {
            if (_resets.TryGet(key, out ResetSent? reset) && time - reset.Origin.Time < LongestWay)
            {
                _resets.Remove(key);
                return reset;
            }
        }

        return null;
    }

    public void Drop(PacketDropped drop) => _drops.Set(drop.Packet, drop);

    /// <summary>
    /// Returns the kernel's reason for dropping the packet that a RST answers. The kernel frees that packet right after it has sent the RST.
    /// </summary>
    public string? DropReason(ResetSent reset)
    {
        const long SameMoment = Nanoseconds.PerMillisecond;
        return reset.Packet != 0 && _drops.TryGet(reset.Packet, out PacketDropped? drop) && Math.Abs(drop.Origin.Time - reset.Origin.Time) < SameMoment ? drop.Reason : null;
    }
}
