using System.Net.NetworkInformation;
using BrokenPipeTools.SocketModel;

namespace BrokenPipeTools.Kernel;

/// <summary>
/// Predicts the results of the next read and write on an open socket with the socket model. The kernel's list does not contain failed sockets, so no
/// error is pending.
/// </summary>
internal static class SocketPrediction
{
    private const byte ReadingShut = 1; // RCV_SHUTDOWN
    private const byte WritingShut = 2; // SEND_SHUTDOWN

    /// <summary>Returns the results of read and write; empty texts if no program can use the socket.</summary>
    public static (string Read, string Write) Of(DiagnosedSocket socket)
    {
        if (socket.Inode == 0 || socket.State is TcpState.TimeWait or TcpState.SynReceived)
            return (CallResultText.NoSocket, CallResultText.NoSocket);
        if (socket.State is TcpState.Listen or TcpState.Closed)
            return (CallResultText.NotConnected, CallResultText.BrokenPipe); // tcp_recvmsg_locked(), sk_stream_wait_connect()
        SocketState state = new()
        {
            Phase = PhaseOf(socket.State),
            EndReceived = HasPeersEnd(socket.State) || (socket.ShutDown & ReadingShut) != 0,
            WriteShut = (socket.ShutDown & WritingShut) != 0 || HasOwnEnd(socket.State),
            WaitsForWindow = socket is { QueuedMemory: { } queued, SendBuffer: { } room } && queued >= room, // sk_stream_memory_free()
        };
        return ((UnreadBytes(socket) > 0 ? CallResult.Ok : SocketCalls.NextRead(state)).Text(), SocketCalls.NextWrite(state).Text());
    }

    /// <summary>Returns the bytes that were received and not read. The kernel counts an unread FIN as one byte; it is left out.</summary>
    public static long UnreadBytes(DiagnosedSocket socket) => socket.State == TcpState.Listen ? 0
        : socket.ReceiveQueue > 0 && HasPeersEnd(socket.State) ? socket.ReceiveQueue - 1
        : socket.ReceiveQueue;

    private static bool HasPeersEnd(TcpState state) => state is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait;

    private static bool HasOwnEnd(TcpState state) => state is TcpState.FinWait1 or TcpState.FinWait2 or TcpState.LastAck or TcpState.Closing or TcpState.TimeWait;

    private static SocketPhase PhaseOf(TcpState state) => state switch
    {
        TcpState.SynSent => SocketPhase.SynSent,
        TcpState.FinWait1 => SocketPhase.FinWait1,
        TcpState.FinWait2 => SocketPhase.FinWait2,
        TcpState.CloseWait => SocketPhase.CloseWait,
        TcpState.Closing => SocketPhase.Closing,
        TcpState.LastAck => SocketPhase.LastAck,
        _ => SocketPhase.Established,
    };
}
