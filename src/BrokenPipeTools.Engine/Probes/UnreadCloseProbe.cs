using System.Net.NetworkInformation;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Closes while data of the peer are unread. The peer does not answer the RST that this causes (RFC 9293, section 3.10.7), so a second connection
/// checks whether the peer still works.
/// </summary>
internal sealed class UnreadCloseProbe : ProbeAction
{
    public override async Task RunAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        TeardownObservation seen = connection.Seen;
        await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(connection.Options.WaitLimit);
        SocketStep readable = await connection.Socket.AwaitReadableAsync(time.Token).ConfigureAwait(false);
        if (readable.Result == "blocks")
        {
            connection.Note(new Arrival(ArrivalKind.Nothing, readable.Result), cancellation);
            return;
        }

        seen.Unread = readable.Result == "ok" ? connection.Socket.Socket.Available : 0;
        if (seen.Unread == 0)
        {
            // The end or an error came, so there are no data to leave unread.
            Arrival arrival = readable.Errno is null ? await connection.Channel.ReceiveAsync(connection.AnswerWait, cancellation).ConfigureAwait(false) : new Arrival(ArrivalKind.Failed, readable.Result);
            connection.Note(arrival, cancellation);
            return;
        }

        seen.ClosedFirst = connection.Socket.ReadInfo()?.State != TcpState.CloseWait;
        if (!seen.ClosedFirst)
            seen.Mechanism = CloseMechanism.Fin;
        connection.Socket.Close();
        seen.Closed = true;
        await connection.ReconnectAsync(cancellation).ConfigureAwait(false);
    }
}
