using BrokenPipeTools.Connections;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>A connection as one of two captures has it.</summary>
/// <param name="record">Its record.</param>
internal sealed class PlacedConnection(ConnectionClose record)
{
    private const CaptureQuality Incomplete = CaptureQuality.Drops | CaptureQuality.CutShort | CaptureQuality.Gaps | CaptureQuality.OneSided | CaptureQuality.RelativeNumbers | CaptureQuality.InferredNumbers;

    public ConnectionClose Record { get; } = record;

    /// <summary>The capture may have missed packets of it.</summary>
    public bool MayMiss { get; } = (record.CaptureQuality & Incomplete) != 0;

    /// <summary>The client's initial sequence number; null if its SYN was not captured.</summary>
    public uint? ClientNumber => Side(StepSide.Client) is var side && side.Has(SideMarks.Syn) ? side.BaseSequence : null;

    /// <summary>The server's, from its SYN-ACK.</summary>
    public uint? ServerNumber => Side(StepSide.Server) is var side && side.Has(SideMarks.SynAck) ? side.BaseSequence : null;

    /// <summary>Nanoseconds since 1970 of the first segment.</summary>
    public long StartTime => Record.Connection.StartTime;

    /// <summary>Of the last one.</summary>
    public long EndTime => Record.Connection.LastCapturedTime;

    public ref readonly Side Side(StepSide side) => ref Record.Connection.Side(EndOf(side));

    /// <summary>Whether the numbers of both sides lie in those of another capture of the connection.</summary>
    public bool SharesNumbers(PlacedConnection other) => Shares(other, StepSide.Client) && Shares(other, StepSide.Server);

    /// <summary>The first packet of a kind that is there; null if there is none, or it was repeated before the other side answered.</summary>
    public long? TimeOf(ObservationKind kind)
    {
        ref readonly ObservationLog log = ref Record.Connection.Log;
        long? time = null;
        for (int i = 0; i < log.Kept && log.Get(i).Kind is ObservationKind.Syn or ObservationKind.SynAck or ObservationKind.Retransmission; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            if (o.Kind == ObservationKind.Retransmission && (o.Flags & TcpFlags.Syn) != 0)
                return null;
            if (o.Kind == kind)
                time = StartTime + o.Time;
        }

        return time;
    }

    /// <summary>The packets of a side that open or close the connection, repeated ones left out.</summary>
    public List<PlacedPacket> PacketsOf(StepSide side)
    {
        int end = EndOf(side);
        List<PlacedPacket> packets = [];
        ref readonly ObservationLog log = ref Record.Connection.Log;
        for (int i = 0; i < log.Kept; i++)
        {
            ref readonly Observation o = ref log.Get(i);
            ObservationKind? kind = o.Kind switch
            {
                _ when o.Sender != end => null,
                ObservationKind.Syn or ObservationKind.SynAck => o.Kind,
                ObservationKind.Fin or ObservationKind.RefusedFin => ObservationKind.Fin,
                ObservationKind.Rst or ObservationKind.OverruledRst => ObservationKind.Rst,
                _ => null,
            };
            if (kind is not { } shown)
                continue;
            uint number = shown == ObservationKind.Fin ? o.Sequence + o.Length : o.Sequence; // payload before a FIN may be cut into segments on the way
            packets.Add(new PlacedPacket(shown, number, number - Side(side).BaseSequence, o.Flags & ~TcpFlags.Psh, o.Window, o.TimeToLive, o.IpIdentification, Record.Connection.FirstFrame + o.Frame, StartTime + o.Time));
        }

        return packets;
    }

    /// <summary>Whether a side sent anything but RSTs after a time (nanoseconds since 1970).</summary>
    public bool SentAfter(StepSide side, long time) => Side(side).LastTime > time;

    /// <summary>The end of <see cref="FlowKey"/> that a side is.</summary>
    public int EndOf(StepSide side) => side == StepSide.Client ? Record.ClientEnd : 1 - Record.ClientEnd;

    private bool Shares(PlacedConnection other, StepSide side)
    {
        ref readonly Side one = ref Side(side);
        ref readonly Side two = ref other.Side(side);
        if (!one.Sent.IsKnown || !two.Sent.IsKnown)
            return one.Packets == 0 || two.Packets == 0;
        return SequenceNumber.IsAtOrAfter(one.Sent.Next, two.Sent.First) && SequenceNumber.IsAtOrAfter(two.Sent.Next, one.Sent.First);
    }
}

/// <summary>A packet that opens or closes a connection, as one capture has it.</summary>
/// <param name="Kind">Syn, SynAck, Fin or Rst.</param>
/// <param name="Sequence">The sequence number, of a FIN its own one.</param>
/// <param name="Relative">The same from the side's initial number on.</param>
/// <param name="Flags">The control bits without PSH.</param>
/// <param name="Window">Not scaled.</param>
/// <param name="TimeToLive">TTL or hop limit.</param>
/// <param name="IpIdentification">0 for IPv6.</param>
/// <param name="Frame">The frame's number.</param>
/// <param name="Time">Nanoseconds since 1970.</param>
internal readonly record struct PlacedPacket(ObservationKind Kind, uint Sequence, uint Relative, TcpFlags Flags, ushort Window, byte TimeToLive, ushort IpIdentification, long Frame, long Time);
