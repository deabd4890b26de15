using System.Runtime.CompilerServices;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Connections;

/// <summary>
/// Zeek's state machine as a table: the states of both ends after a segment. The table has an entry for each combination of flags, states, payload and
/// direction. It is computed once, because nearly all segments of short connections change a state.
/// </summary>
internal static class ZeekTransition
{
    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst;
    private const int AckBit = 3; // bits 0 to 2 are FIN, SYN and RST, as in the header
    private const int PayloadBit = 4;
    private const int OriginatorBit = 5;
    private const int StateAt = 6;
    private const int PeerAt = 9;
    private const int StateMask = 7;

    private static readonly ZeekStep[] Steps = [.. Enumerable.Range(0, 1 << 12).Select(StepAt)];

    /// <summary>Returns the effect of a segment.</summary>
    /// <param name="s">The segment.</param>
    /// <param name="state">The state of its sender.</param>
    /// <param name="peer">The state of the other end.</param>
    /// <param name="isOriginator">Whether the sender opened the connection.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ZeekStep Next(in Segment s, ZeekEndState state, ZeekEndState peer, bool isOriginator) =>
        Steps[(int)(s.Flags & Control) | (s.Has(TcpFlags.Ack) ? 1 << AckBit : 0) | (s.PayloadLength > 0 ? 1 << PayloadBit : 0)
            | (isOriginator ? 1 << OriginatorBit : 0) | (int)state << StateAt | (int)peer << PeerAt];

    private static ZeekStep StepAt(int index)
    {
        TcpFlags flags = ((TcpFlags)index & Control) | ((index & (1 << AckBit)) != 0 ? TcpFlags.Ack : TcpFlags.None);
        ZeekEndState state = (ZeekEndState)((index >> StateAt) & StateMask);
        ZeekEndState peer = (ZeekEndState)((index >> PeerAt) & StateMask);
        bool isOriginator = (index & (1 << OriginatorBit)) != 0;
        ZeekEndState next = Next(flags, (index & (1 << PayloadBit)) != 0, state, peer, isOriginator, out ZeekEndState peerNext);
        bool reverses = state == ZeekEndState.Inactive && !isOriginator && peer == ZeekEndState.SynAckSent && (flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;
        return new ZeekStep(next, peerNext, reverses, reverses || next != state || peerNext != peer);
    }

    private static ZeekEndState Next(TcpFlags flags, bool hasPayload, ZeekEndState state, ZeekEndState peer, bool isOriginator, out ZeekEndState peerNext)
    {
        peerNext = peer;
        bool syn = (flags & TcpFlags.Syn) != 0;
        bool fin = (flags & TcpFlags.Fin) != 0;
        bool rst = (flags & TcpFlags.Rst) != 0;
        bool ack = (flags & TcpFlags.Ack) != 0;
        return state switch
        {
            ZeekEndState.Inactive => FromInactive(flags, hasPayload, peer, isOriginator, out peerNext),
            ZeekEndState.SynSent or ZeekEndState.SynAckSent => rst ? ZeekEndState.Reset
                : fin ? ZeekEndState.Closed
                : state,
            ZeekEndState.Established or ZeekEndState.Partial => rst ? ZeekEndState.Reset
                : fin ? ZeekEndState.Closed
                : syn && !ack && state == ZeekEndState.Partial && peer == ZeekEndState.Inactive ? ZeekEndState.SynSent
                : state,

            // A RST after both FINs has no effect: the connection has ended already.
            ZeekEndState.Closed => rst && peer != ZeekEndState.Closed ? ZeekEndState.Reset : state,
            _ => state,
        };
    }

    private static ZeekEndState FromInactive(TcpFlags flags, bool hasPayload, ZeekEndState peer, bool isOriginator, out ZeekEndState peerNext)
    {
        peerNext = peer;
        bool ack = (flags & TcpFlags.Ack) != 0;
        ZeekEndState state = ZeekEndState.Inactive;
        if ((flags & TcpFlags.Syn) != 0)
        {
            if (isOriginator)
            {
                state = ack ? ZeekEndState.SynAckSent : ZeekEndState.SynSent;
            }
            else
            {
                // SYN and SYN-ACK came in the wrong order, or both ends opened at the same time: established in either case.
                if (peer is ZeekEndState.SynSent or ZeekEndState.SynAckSent)
                    peerNext = peer == ZeekEndState.SynSent || !ack ? ZeekEndState.Established : peer;
                state = ZeekEndState.Established;
            }
        }

        if ((flags & TcpFlags.Fin) != 0)
            state = ZeekEndState.Closed;
        if ((flags & TcpFlags.Rst) != 0)
            state = ZeekEndState.Reset;
        if (state != ZeekEndState.Inactive)
            return state;

        // Some stacks acknowledge a SYN before they answer it.
        if (!isOriginator && !hasPayload && peer == ZeekEndState.SynSent)
            return ZeekEndState.Inactive;

        // A SYN-ACK was seen, and now its acknowledgment: only the SYN was missed.
        return ack && peer == ZeekEndState.Established ? ZeekEndState.Established : ZeekEndState.Partial;
    }
}
