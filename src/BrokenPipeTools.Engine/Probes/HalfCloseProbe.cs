using System.Net.NetworkInformation;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Shuts down the probe's sending side, and checks whether the peer finishes and closes, resets the connection, or ignores the FIN (RFC 9293, section
/// 3.6).
/// </summary>
internal sealed class HalfCloseProbe : ProbeAction
{
    public override async Task RunAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        TeardownObservation seen = connection.Seen;
        await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        long before = connection.Socket.BytesReceived;
        bool peerClosed = connection.Socket.ReadInfo()?.State == TcpState.CloseWait;
        if (connection.Socket.ShutdownSending() is { Errno: null } shutdown)
        {
            // If the peer has closed, CLOSE_WAIT becomes LAST_ACK. If the state is not known, the peer's FIN counts as the answer.
            seen.ClosedFirst = !peerClosed && shutdown.TcpState != TcpState.LastAck;
            seen.Closed = true;
        }

        await connection.AwaitCloseAsync(connection.Options.WaitLimit, cancellation).ConfigureAwait(false);
        seen.ReceivedAfterOwnFin = connection.Socket.BytesReceived - before;
    }
}
