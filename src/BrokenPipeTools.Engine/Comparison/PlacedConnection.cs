using BrokenPipeTools.Closing;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>A connection as one of the two captures has it.</summary>
internal sealed class PlacedConnection
{
    private const CaptureQuality Incomplete = CaptureQuality.Drops | CaptureQuality.CutShort | CaptureQuality.OneSided | Uncertain;
    private const CaptureQuality Uncertain = CaptureQuality.RelativeNumbers | CaptureQuality.InferredNumbers | CaptureQuality.OutOfTimeOrder | CaptureQuality.NoTime;

    private readonly List<PlacedPacket>[] _packets = [[], []];
    private readonly Dictionary<long, byte[]?> _options = [];

    /// <param name="record">The record of the connection.</param>
    public PlacedConnection(ConnectionClose record)
    {
        Record = record;
        LacksAcknowledged = Lacks(StepSide.Client, StepSide.Server) || Lacks(StepSide.Server, StepSide.Client)
            || HandshakeAnswer.IsMissing(record.Connection, 0) || HandshakeAnswer.IsMissing(record.Connection, 1);
        MayMiss = (record.CaptureQuality & Incomplete) != 0 || LacksAcknowledged;
        ref readonly ObservationLog log = ref record.Connection.Log;
        IsWhole = log.Omitted == 0;
        for (int i = 0; i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            StepSide side = o.Sender == EndOf(StepSide.Client) ? StepSide.Client : StepSide.Server;
            if (!o.IsIcmp && PlacedPacket.Of(o, record.Connection, Side(side).BaseSequence) is { } packet)
            {
                _packets[(int)side].Add(packet);
                IsWhole &= o.Count == 1;
            }
        }
    }

    public ConnectionClose Record { get; }

    /// <summary>Whether the capture may have missed packets of this connection.</summary>
    public bool MayMiss { get; }

    /// <summary>Whether a side acknowledged bytes that are not in the capture. The capture missed these bytes; they were not lost on the path.</summary>
    public bool LacksAcknowledged { get; }

    /// <summary>Whether every captured closing packet is known. False if there were too many, or if some were counted together.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether the times or sequence numbers are unreliable.</summary>
    public bool IsUncertain => (Record.CaptureQuality & Uncertain) != 0;

    /// <summary>The client's initial sequence number; null if the client's SYN was not captured.</summary>
    public SequenceNumber? ClientNumber => Side(StepSide.Client) is var side && side.Has(SideMarks.Syn) ? side.BaseSequence : null;

    /// <summary>The server's initial sequence number; null if the SYN-ACK was not captured.</summary>
    public SequenceNumber? ServerNumber => Side(StepSide.Server) is var side && side.Has(SideMarks.SynAck) ? side.BaseSequence : null;

    /// <summary>The time of the first segment, in nanoseconds since 1970.</summary>
    public long StartTime => Record.Connection.StartTime;

    /// <summary>The time of the last segment, in nanoseconds since 1970.</summary>
    public long EndTime => Record.Connection.LastCapturedTime;

    public ref readonly Side Side(StepSide side) => ref Record.Connection.Side(EndOf(side));

    /// <summary>Returns the TTL that all packets of a side have, without RSTs. Null if they have several TTLs, or if none is known.</summary>
    public byte? TimeToLive(StepSide side) => Side(side) is { TimeToLive: not 0 } one && !one.Has(SideMarks.SeveralTimeToLives) ? one.TimeToLive : null;

    /// <summary>Returns the packets of a side that open or close the connection, without repeated ones.</summary>
    public IReadOnlyList<PlacedPacket> PacketsOf(StepSide side) => _packets[(int)side];

    /// <summary>The numbers of the frames with the SYN and the SYN-ACK.</summary>
    public IEnumerable<long> HandshakeFrames => _packets.SelectMany(side => side).Where(packet => packet.Kind is ObservationKind.Syn or ObservationKind.SynAck).Select(packet => packet.Frame);

    /// <summary>Returns the TCP options of a frame of <see cref="HandshakeFrames"/>; null if they are not known.</summary>
    public byte[]? OptionsOf(long frame) => _options.GetValueOrDefault(frame);

    public void SetOptions(long frame, byte[]? options) => _options[frame] = options;

    /// <summary>Returns whether the sequence numbers of both sides lie within those of another capture of the connection.</summary>
    public bool SharesNumbers(PlacedConnection other) => Shares(other, StepSide.Client) && Shares(other, StepSide.Server);

    /// <summary>Returns how many sequence numbers a side has used; 0 if none is known.</summary>
    public long NumbersOf(StepSide side) => Side(side).Sent is { IsKnown: true } sent ? sent.Next.CountFrom(sent.First) : 0;

    /// <summary>
    /// Returns when a side sent a packet of a kind, in nanoseconds since 1970. Null if there is no such packet. Also null if the packet was sent
    /// again, because the other capture may have another copy of it.
    /// </summary>
    public long? TimeOf(StepSide side, ObservationKind kind)
    {
        const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin;
        ref readonly ObservationLog log = ref Record.Connection.Log;
        long? time = null;
        for (int i = 0; i < log.Kept && !log.IsGapBefore(i); i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Sender != EndOf(side))
                continue;
            bool isRepeated = o.Kind == kind ? time is not null || o.Count > 1 : o.Kind == ObservationKind.Retransmission && (o.Flags & Control) == (kind == ObservationKind.Fin ? TcpFlags.Fin : TcpFlags.Syn);
            if (isRepeated)
                return null;
            if (o.Kind == kind)
                time = StartTime + o.Time;
        }

        return time;
    }

    /// <summary>Returns whether a side sent a sequence number more than once.</summary>
    public bool HasRepeated(StepSide side, SequenceNumber number)
    {
        ref readonly ObservationLog log = ref Record.Connection.Log;
        for (int i = 0; i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            uint control = (o.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0;
            if (o.Kind == ObservationKind.Retransmission && o.Sender == EndOf(side) && o.Sequence.Add(o.Length + control).IsAfter(number))
                return true;
        }

        return false;
    }

    /// <summary>Returns whether a side sent anything other than RSTs after a time, in nanoseconds since 1970.</summary>
    public bool SentAfter(StepSide side, long time) => Side(side).LastTime > time;

    /// <summary>Returns the number of a side's endpoint in the <see cref="FlowKey"/>: 0 or 1.</summary>
    public int EndOf(StepSide side) => side == StepSide.Client ? Record.ClientEnd : 1 - Record.ClientEnd;

    private bool Lacks(StepSide sender, StepSide receiver)
    {
        ref readonly Side from = ref Side(sender);
        ref readonly Side to = ref Side(receiver);
        if (!from.Sent.IsKnown || !to.Has(SideMarks.HasAcknowledged))
            return false;
        SequenceNumber missing = from.Sent.TryGetFirstGap(out SequenceRange gap) ? gap.Start : from.Sent.Next;
        return to.Acknowledged.IsAfter(missing) && !from.Has(SideMarks.AliveAfterRst);
    }

    private bool Shares(PlacedConnection other, StepSide side)
    {
        ref readonly Side one = ref Side(side);
        ref readonly Side two = ref other.Side(side);
        if (!one.Sent.IsKnown || !two.Sent.IsKnown)
            return one.Packets == 0 || two.Packets == 0;
        return one.Sent.Next.IsAtOrAfter(two.Sent.First) && two.Sent.Next.IsAtOrAfter(one.Sent.First);
    }
}
