using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Sends the payload, and then nothing until the limit. A peer that no longer answers looks like one that waits, so at the limit something is sent:
/// the requested payload once more, or a keepalive probe, which has no payload.
/// </summary>
internal sealed class IdleProbe : ProbeAction
{
    /// <summary>
    /// The fewest unacknowledged retransmissions that prove a silence. They take about 1.4 s on a short path (RFC 6298, from 200 ms on). Ordinary
    /// loss hardly ever affects all of them.
    /// </summary>
    private const int Repeats = 3;

    /// <summary>The longest wait for these retransmissions. It is enough unless the path is very slow.</summary>
    private static readonly TimeSpan SilenceWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public override async Task RunAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        Arrival end = await connection.AwaitCloseAsync(connection.Options.WaitLimit, cancellation).ConfigureAwait(false);
        if (end.Kind == ArrivalKind.End)
        {
            connection.Socket.Close(); // as a client closes after it has read the end
            connection.Seen.Closed = true;
        }
        else if (end.Kind == ArrivalKind.Nothing && !cancellation.IsCancellationRequested)
        {
            await BreakSilenceAsync(connection, cancellation).ConfigureAwait(false);
        }

        if (connection.Seen.Mechanism == CloseMechanism.Silence && !cancellation.IsCancellationRequested)
            await connection.ReconnectAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends, and waits for the effect: an acknowledgment, a RST, or neither.</summary>
    private static async Task BreakSilenceAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        TeardownObservation seen = connection.Seen;
        TimeSpan silence = seen.Waited;
        long begin = Stopwatch.GetTimestamp();
        bool sends = !connection.Request.IsEmpty;
        if (sends)
            await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        else if (!TryKeepAlive(connection.Socket))
            return;
        Outcome outcome = await AwaitAnswerAsync(connection, begin, sends, cancellation).ConfigureAwait(false);
        if (outcome == Outcome.Over)
        {
            // The kernel has ended the connection, so a read will return that. On a busy machine this may take longer than a round trip.
            await connection.AwaitCloseAsync(ProbeConnection.MostWait, cancellation).ConfigureAwait(false);
            if (seen.Mechanism is CloseMechanism.Reset or CloseMechanism.ResetInReply)
            {
                seen.Mechanism = CloseMechanism.ResetInReply;
                seen.ResetAfter = Stopwatch.GetElapsedTime(begin);
                seen.ClosedAfter = silence;
            }
        }
        else if (outcome == Outcome.Silence)
        {
            seen.Mechanism = CloseMechanism.Silence;
        }

        seen.Acknowledged = outcome == Outcome.Answered ? true : null;
        seen.Waited = silence;
    }

    /// <summary>Turns on TCP keepalive. Returns false if the system does not allow it, or the connection has just ended.</summary>
    private static bool TryKeepAlive(AsyncTracedSocket socket)
    {
        try
        {
            socket.KeepAlive(seconds: 1, ProbeDialer.KeepAliveProbes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<Outcome> AwaitAnswerAsync(ProbeConnection connection, long begin, bool sends, CancellationToken cancellation)
    {
        TimeSpan maxWait = SilenceWait + (connection.Seen.RoundTrip * 8);
        while (!cancellation.IsCancellationRequested)
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(begin);
            if (connection.Socket.ReadInfo() is not { } info)
                return await AwaitArrivalAsync(connection, maxWait, cancellation).ConfigureAwait(false);
            if (info.State == TcpState.Closed)
                return Outcome.Over;
            if (sends && info.Unacknowledged == 0)
                return Outcome.Answered;
            if (!sends && info.Probes == 0 && info.SinceAck < waited)
                return Outcome.Answered;
            if (info.Retransmits >= Repeats)
                return Outcome.Silence;
            if (waited > maxWait)
                return info.Retransmits > 0 || info.Probes > 0 ? Outcome.Silence : Outcome.Unknown;
            await ProbeConnection.PauseAsync(Look, cancellation).ConfigureAwait(false);
        }

        connection.Seen.Cancelled = true;
        return Outcome.Unknown;
    }

    /// <summary>Waits for payload of the peer, or until the kernel gives up. It is used if the kernel does not report acknowledgments.</summary>
    private static async Task<Outcome> AwaitArrivalAsync(ProbeConnection connection, TimeSpan maxWait, CancellationToken cancellation)
    {
        Arrival arrival = await connection.Channel.ReceiveAsync(maxWait, cancellation).ConfigureAwait(false);
        connection.Note(arrival, cancellation);
        return arrival.Kind == ArrivalKind.Data ? Outcome.Answered : Outcome.Unknown;
    }

    private enum Outcome
    {
        Unknown,
        Answered,

        /// <summary>The connection has ended. The next read returns how.</summary>
        Over,
        Silence,
    }
}
