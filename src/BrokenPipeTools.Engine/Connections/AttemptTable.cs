using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Finds connections that are one attempt under several addresses: a SYN before and after address translation, or a SYN-ACK that answers a SYN to
/// another address. All of them have the SYN's sequence number. Bounded: a newer attempt replaces an older one with the same hash.
/// </summary>
/// <param name="map">The connections of the table; a connection that is no longer in it is not changed.</param>
internal sealed class AttemptTable(ConnectionMap map)
{
    private const int SlotBits = 9;

    private readonly Attempt[] _slots = new Attempt[1 << SlotBits];

    /// <summary>Adds a SYN or SYN-ACK of a connection, and relates the connection to others of the same attempt.</summary>
    public void Observe(Connection connection, in Segment s, int sender)
    {
        bool isAnswer = s.Has(TcpFlags.Ack);
        SequenceNumber sequence = isAnswer ? s.Acknowledgment.Add(-1) : s.Sequence;

        // The hash is fixed, so that the same capture always gives the same records. If an attacker makes attempts collide, the only effect is that
        // they are not related.
        ref Attempt slot = ref _slots[(sequence.Value * 0x9E37_79B9) >> (32 - SlotBits)];
        slot.Observe(connection, s, isAnswer ? 1 - sender : sender, sequence, map);
    }

    /// <summary>The connections that have one SYN sequence number. Few have more than one.</summary>
    private struct Attempt
    {
        /// <summary>The attempt before translation, after it, and an answer that was not translated back.</summary>
        public const int MaxMembers = 3;

        /// <summary>Nanoseconds that one SYN takes at most from one capture point to another.</summary>
        private const long LongestWay = 20 * Nanoseconds.PerMillisecond;

        private Members _members;
        private SequenceNumber _sequence;
        private int _count;

        public void Observe(Connection connection, in Segment s, int client, SequenceNumber sequence, ConnectionMap map)
        {
            if (_sequence != sequence)
                _count = 0;
            _sequence = sequence;
            ref Member member = ref Find(connection, client);
            if (s.Has(TcpFlags.Ack))
            {
                if (member.AnswerFrame != 0)
                    return;
                member.AnswerFrame = s.Frame;
            }
            else
            {
                if (member.SynFrame != 0)
                    return;
                member.SynFrame = s.Frame;
                member.SynTime = s.Time;
                member.SynId = s.IpIdentification;
                member.SynTimeToLive = s.TimeToLive;
            }

            if (_count > 1)
                Relate(map);
        }

        [UnscopedRef]
        private ref Member Find(Connection connection, int client)
        {
            int count = Math.Min(_count, MaxMembers);
            for (int i = 0; i < count; i++)
            {
                if (_members[i].IsOf(connection))
                    return ref _members[i];
            }

            ref Member added = ref _members[_count++ % MaxMembers];
            added = new Member { Connection = connection, Stream = connection.Stream, Client = client };
            return ref added;
        }

        /// <summary>Relates each connection to one of the others, if possible to one that has an answer.</summary>
        private readonly void Relate(ConnectionMap map)
        {
            int count = Math.Min(_count, MaxMembers);
            for (int i = 0; i < count; i++)
            {
                int related = -1;
                for (int j = 0; j < count; j++)
                {
                    if (j != i && AreOne(_members[i], _members[j], map) && (related < 0 || (_members[related].AnswerFrame == 0 && _members[j].AnswerFrame != 0)))
                        related = j;
                }

                if (related >= 0)
                    Relate(_members[i], _members[related]);
            }
        }

        private static void Relate(in Member one, in Member other)
        {
            one.Connection.Related = new RelatedAttempt(other.Stream, other.SynFrame, other.AnswerFrame, other.Connection.Endpoint(1 - other.Client));
            if (one.SynFrame != 0 && other.SynFrame != 0 && one.SynTimeToLive != other.SynTimeToLive)
                one.Connection.NoteSeveralTimeToLives(one.Client);
        }

        private static bool AreOne(in Member one, in Member other, ConnectionMap map)
        {
            if (!one.IsIn(map) || !other.IsIn(map) || HaveSameAddresses(one.Connection.Key, other.Connection.Key))
                return false;
            bool samePort = PortOf(one) == PortOf(other);
            if (one.SynFrame == 0 || other.SynFrame == 0)
                return samePort;

            // Translation does not change the IP ID; a scanner with the same sequence number in all its SYNs has different ones.
            bool sameId = one.SynId == other.SynId;
            bool near = Math.Abs(one.SynTime - other.SynTime) <= LongestWay;
            return one.SynId != 0 && other.SynId != 0 ? sameId && (samePort || near) : samePort && near;
        }

        private static bool HaveSameAddresses(in FlowKey one, in FlowKey other) => one.Address0 == other.Address0 && one.Address1 == other.Address1;

        private static ushort PortOf(in Member member) => member.Connection.Endpoint(member.Client).Port;
    }

    [InlineArray(Attempt.MaxMembers)]
    private struct Members
    {
        private Member _first;
    }

    private struct Member
    {
        public Connection Connection;
        public int Stream;
        public int Client;
        public long SynFrame;
        public long SynTime;
        public ushort SynId;
        public byte SynTimeToLive;
        public long AnswerFrame;

        public readonly bool IsOf(Connection connection) => ReferenceEquals(Connection, connection) && Stream == connection.Stream;

        /// <summary>Returns whether the connection is still the one that was added: it may have become final, and its object reused.</summary>
        public readonly bool IsIn(ConnectionMap map) => map.Holds(Connection) && Connection.Stream == Stream;
    }
}
