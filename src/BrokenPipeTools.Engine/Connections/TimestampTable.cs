using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Finds SYNs whose timestamp is lower than that of another SYN from the same address, which the server had answered shortly before. A server that
/// stores timestamps by address (Linux before 4.12 with tcp_tw_recycle) drops such a SYN silently (PAWS, RFC 7323, section 5), because several hosts
/// with different clocks may share one address after address translation. Bounded: a newer pair of hosts replaces an older one with the same hash.
/// </summary>
internal sealed class TimestampTable
{
    private const int SlotBits = 8;

    /// <summary>Linux remembers for 60 s: TCP_PAWS_MSL in include/net/tcp.h.</summary>
    private const long Remembered = 60 * Nanoseconds.PerSecond;

    private readonly Slot[] _slots = new Slot[1 << SlotBits];

    /// <summary>Adds a SYN or SYN-ACK of a connection.</summary>
    public void Observe(Connection connection, in Segment s)
    {
        if (s.ClientTimestamp == 0)
            return;
        bool isAnswer = s.Has(TcpFlags.Ack);
        IpBits client = isAnswer ? s.Destination : s.Source;
        Endpoint server = isAnswer ? new(s.Source, s.SourcePort, s.IsIPv6) : new(s.Destination, s.DestinationPort, s.IsIPv6);

        // The hash is fixed, so that the same capture always gives the same records. If an attacker makes pairs collide, the only effect is that they
        // are forgotten.
        ulong mixed = (client.High ^ client.Low ^ (server.Address.High ^ server.Address.Low ^ server.Port) * 0x9E37_79B9_7F4A_7C15) * 0xD6E8_FEB8_6659_FD93;
        ref Slot slot = ref _slots[mixed >> (64 - SlotBits)];
        bool isSame = slot.Client == client && slot.Server == server && slot.Frame != 0 && s.Time - slot.Time is >= 0 and <= Remembered;

        // Timestamps are compared as sequence numbers are (RFC 7323, section 5.2).
        bool isLower = isSame && new SequenceNumber(slot.Timestamp).IsAfter(new SequenceNumber(s.ClientTimestamp));
        if (isAnswer && !isLower)
            slot = new Slot(client, server, s.ClientTimestamp, s.Time, connection.Stream, s.Frame, isSame && slot.AnswersLower);
        else if (isAnswer && slot.Stream != connection.Stream)
            slot = slot with { AnswersLower = true }; // the client's timestamps differ by connection, and the server does not drop lower ones
        else if (!isAnswer && isLower && !slot.AnswersLower && slot.Stream != connection.Stream)
            connection.NoteHigherTimestamp(slot.Stream, slot.Frame);
    }

    private readonly record struct Slot(IpBits Client, Endpoint Server, uint Timestamp, long Time, int Stream, long Frame, bool AnswersLower);
}
