using BrokenPipeTools.Connections;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Comparison;

/// <summary>A packet that opens or closes a connection, as one capture has it.</summary>
/// <param name="Kind">Syn, SynAck, Fin or Rst.</param>
/// <param name="Sequence">The sequence number, of a FIN its own one: payload before it may be cut into segments on the way.</param>
/// <param name="Relative">The same from the side's initial number on.</param>
/// <param name="Flags">The control bits that a network card does not change: PSH and, of a FIN, CWR stay with one part of a segment that it splits.</param>
/// <param name="Window">Not scaled.</param>
/// <param name="TimeToLive">TTL or hop limit; 0 if it is not known.</param>
/// <param name="IpIdentification">0 for IPv6.</param>
/// <param name="Frame">The frame's number.</param>
/// <param name="Time">Nanoseconds since 1970.</param>
internal readonly record struct PlacedPacket(ObservationKind Kind, SequenceNumber Sequence, uint Relative, TcpFlags Flags, ushort Window, byte TimeToLive, ushort IpIdentification, long Frame, long Time)
{
    /// <summary>Reads an observation. Null if it is not one of those packets.</summary>
    /// <param name="o">The observation.</param>
    /// <param name="connection">The connection that it belongs to.</param>
    /// <param name="initial">The initial number of the side that sent it.</param>
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
