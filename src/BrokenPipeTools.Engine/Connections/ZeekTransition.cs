using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>Zeek's state machine for one end, as a function: the sender's next state after a segment.</summary>
internal static class ZeekTransition
{
    public static ZeekEndState Next(
        in Segment s, ZeekEndState state, ZeekEndState peer, bool isOriginator, out ZeekEndState peerNext)
    {
        peerNext = peer;
        return state switch
        {
            ZeekEndState.Inactive => FromInactive(s, peer, isOriginator, out peerNext),
            ZeekEndState.SynSent or ZeekEndState.SynAckSent => s.Has(TcpFlags.Rst) ? ZeekEndState.Reset
                : s.Has(TcpFlags.Fin) ? ZeekEndState.Closed
                : state,
            ZeekEndState.Established or ZeekEndState.Partial => s.Has(TcpFlags.Rst) ? ZeekEndState.Reset
                : s.Has(TcpFlags.Fin) ? ZeekEndState.Closed
                : s.Has(TcpFlags.Syn) && !s.Has(TcpFlags.Ack) && state == ZeekEndState.Partial && peer == ZeekEndState.Inactive ? ZeekEndState.SynSent
                : state,

            // A RST after both FINs has no effect: the connection has ended already.
            ZeekEndState.Closed => s.Has(TcpFlags.Rst) && peer != ZeekEndState.Closed ? ZeekEndState.Reset : state,
            _ => state,
        };
    }

    private static ZeekEndState FromInactive(in Segment s, ZeekEndState peer, bool isOriginator, out ZeekEndState peerNext)
    {
        peerNext = peer;
        ZeekEndState state = ZeekEndState.Inactive;
        if (s.Has(TcpFlags.Syn))
        {
            if (isOriginator)
            {
                state = s.Has(TcpFlags.Ack) ? ZeekEndState.SynAckSent : ZeekEndState.SynSent;
            }
            else
            {
                // SYN and SYN-ACK came in the wrong order, or both ends opened at the same time: established in either case.
                if (peer is ZeekEndState.SynSent or ZeekEndState.SynAckSent)
                    peerNext = peer == ZeekEndState.SynSent || !s.Has(TcpFlags.Ack) ? ZeekEndState.Established : peer;
                state = ZeekEndState.Established;
            }
        }

        if (s.Has(TcpFlags.Fin))
            state = ZeekEndState.Closed;
        if (s.Has(TcpFlags.Rst))
            state = ZeekEndState.Reset;
        if (state != ZeekEndState.Inactive)
            return state;

        // Some stacks acknowledge a SYN before they answer it.
        if (!isOriginator && s.PayloadLength == 0 && peer == ZeekEndState.SynSent)
            return ZeekEndState.Inactive;

        // A SYN-ACK was seen, and now its acknowledgment: only the SYN was missed.
        return s.Has(TcpFlags.Ack) && peer == ZeekEndState.Established ? ZeekEndState.Established : ZeekEndState.Partial;
    }
}
