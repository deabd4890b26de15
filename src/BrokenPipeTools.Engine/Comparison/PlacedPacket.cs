using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>A packet that opens or closes a connection, as one capture has it.</summary>
/// <param name="Kind">The kind: Syn, SynAck, Fin or Rst.</param>
/// <param name="Sequence">The sequence number. For a FIN it is the FIN's own number, because devices may cut the payload before it into other
/// segments.</param>
/// <param name="Relative">The sequence number relative to the side's initial number.</param>
/// <param name="Flags">The control bits that a network card does not change. PSH is left out, and CWR of a FIN: a card that splits a segment keeps
/// these in one part only.</param>
/// <param name="Window">The window field, not scaled.</param>
/// <param name="TimeToLive">TTL or hop limit; 0 if not known.</param>
/// <param name="IpIdentification">The IP identification; 0 for IPv6.</param>
/// <param name="Frame">The number of the frame.</param>
/// <param name="Time">The time of the frame, in nanoseconds since 1970.</param>
internal readonly record struct PlacedPacket(ObservationKind Kind, SequenceNumber Sequence, uint Relative, TcpFlags Flags, ushort Window, byte TimeToLive, ushort IpIdentification, long Frame, long Time)
{
    /// <summary>Makes a packet from an observation. Returns null if the observation is not a SYN, SYN-ACK, FIN or RST.</summary>
    /// <param name="o">The observation.</param>
    /// <param name="connection">The connection that the observation belongs to.</param>
    /// <param name="initial">The initial sequence number of the side that sent the packet.</param>
    public static PlacedPacket? Of(in Observation o, Connection connection, SequenceNumber initial)
    {
        ObservationKind? kind = o.Kind switch
        {
            ObservationKind.Syn or ObservationKind.SynAck => o.Kind,
            ObservationKind.Fin or ObservationKind.RefusedFin => ObservationKind.Fin,
            ObservationKind.Rst or ObservationKind.OverruledRst => ObservationKind.Rst,
            _ => null,
        };
        if (kind is not { } shown)
            return null;
        SequenceNumber number = shown == ObservationKind.Fin ? o.Sequence.Add(o.Length) : o.Sequence;
        TcpFlags flags = o.Flags & ~(shown == ObservationKind.Fin ? TcpFlags.Psh | TcpFlags.Cwr : TcpFlags.Psh);
        return new PlacedPacket(shown, number, number.CountFrom(initial), flags, o.Window, o.TimeToLive, o.IpIdentification, connection.FirstFrame + o.Frame, connection.StartTime + o.Time);
    }
}
