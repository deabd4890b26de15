using System.Runtime.CompilerServices;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Recognizes a packet that was captured twice: on two interfaces of a host (-i any), on both ports of a switch that mirrors them, or before and
/// after a router or a tunnel. A retransmission is another packet: it has the next IP ID, and comes a retransmission time-out later.
/// </summary>
internal sealed class DuplicateFilter
{
    /// <summary>
    /// Each set holds the two newest segments of its hash, in 64 bytes: one or two cache lines. All sets together fit into the second-level cache.
    /// </summary>
    private const int SetBits = 10;
    private const int Ways = 2;

    /// <summary>
    /// Nanoseconds. No host uses the same IP ID for two packets of a flow within this time, and the delay between two capture points is shorter.
    /// </summary>
    private const long LimitWithId = 20 * Nanoseconds.PerMillisecond;

    /// <summary>The same limit for packets without an IP ID: even on the shortest path, a retransmission comes at the earliest after a millisecond.</summary>
    private const long LimitWithoutId = Nanoseconds.PerMillisecond;

    /// <summary>The most routers that one host and its guests may have between two capture points.</summary>
    private const int MaxHops = 3;

    private const ulong TimeToLiveMask = 0xFF;
    private const ulong SenderBit = 0x100;
    private const ulong OffloadedBit = 0x200;

    /// <summary>
    /// The fields of <see cref="Entry.Rest"/> that must be equal: payload length, flags, ICMP type and sender. The checksum is above them, the TTL
    /// below.
    /// </summary>
    private const ulong MustAgree = 0x0000_FFFF_FFFF_0000 | SenderBit;
    private const int ChecksumShift = 48;

    private readonly Entry[] _entries = new Entry[Ways << SetBits];

    /// <summary>Compares a segment with the segments shortly before it, and stores it if it is equal to none of them.</summary>
    /// <param name="s">The segment, or one that an ICMP error quotes; quoted segments are compared with quoted ones only.</param>
    /// <param name="flow">The hash of its flow.</param>
    /// <param name="sender">The end that sent it.</param>
    /// <param name="timeToLive">The TTL at its first capture; meaningless for <see cref="Recurrence.None"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Recurrence Observe(in Segment s, uint flow, int sender, out byte timeToLive)
    {
        ulong numbers = (ulong)s.Sequence.Value << 32 | s.Acknowledgment.Value;
        ulong header = (ulong)flow << 32 | (uint)s.Window << 16 | s.IpIdentification;

        // The flow's hash is left out, because its secret is different in every run: the same capture must give the same records. If an attacker
        // makes sets collide, the only effect is that duplicates count as retransmissions.
        // An acknowledgment and the payload after it have the same numbers; because of the length they are in different sets.
        ulong mixed = (numbers ^ ((ulong)(ushort)s.PayloadLength << 32 | (uint)header) * 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
        ref Entry first = ref _entries[(int)(mixed >> (64 - SetBits)) * Ways];
        ref Entry second = ref Unsafe.Add(ref first, 1);
        Recurrence found = Recurrence.None;
        timeToLive = 0;
        if (first.Numbers == numbers && first.Header == header)
            found = Compare(s, sender, first, out timeToLive);
        if (found == Recurrence.None && second.Numbers == numbers && second.Header == header)
            found = Compare(s, sender, second, out timeToLive);
        if (found != Recurrence.None)
            return found;
        second = first;
        first.Numbers = numbers;
        first.Header = header;
        first.Rest = RestOf(s, sender);
        first.Time = s.Time;
        return Recurrence.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RestOf(in Segment s, int sender) =>
        (ulong)s.ChecksumField << ChecksumShift | (ulong)(ushort)s.PayloadLength << 32 | (ulong)s.Flags << 24 | (ulong)s.Icmp.Type << 16
        | (s.Checksum == ChecksumState.Offloaded ? OffloadedBit : 0) | (sender != 0 ? SenderBit : 0) | s.TimeToLive;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Recurrence Compare(in Segment s, int sender, in Entry entry, out byte timeToLive)
    {
        ulong rest = RestOf(s, sender);
        timeToLive = (byte)(entry.Rest & TimeToLiveMask);
        bool agrees = ((rest ^ entry.Rest) & MustAgree) == 0

            // A checksum that was left to the network card at the first capture point may be complete at the second one.
            && ((rest ^ entry.Rest) >> ChecksumShift == 0 || ((rest | entry.Rest) & OffloadedBit) != 0);
        bool hasId = s.IpIdentification != 0;
        long limit = hasId ? LimitWithId : LimitWithoutId;
        bool isSoon = s.Time != 0 && (s.Lacks & FrameLacks.FineTime) == 0 && Math.Abs(s.Time - entry.Time) <= limit; // 0 means no time
        int hops = timeToLive - s.TimeToLive;
        if (!agrees || !isSoon || hops < 0 || (!hasId && hops > MaxHops))
            return Recurrence.None;
        bool takesNumbers = s.EndSequence != s.Sequence;
        return hasId || takesNumbers || hops > 0 ? Recurrence.Certain : Recurrence.Possible;
    }

    private struct Entry
    {
        public ulong Numbers;
        public ulong Header;
        public ulong Rest;
        public long Time;
    }
}
