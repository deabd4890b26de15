using System.Net.NetworkInformation;

namespace BrokenPipeTools.Probes;

/// <summary>
/// Sends one request after another on one connection (RFC 9112, section 9.3) until the peer closes or enough were answered. Then it waits for the
/// peer's idle time-out. A request that crosses the close is lost: clients must avoid this race (section 9.5).
/// </summary>
internal sealed class KeepAliveRaceProbe : ProbeAction
{
    public override async Task RunAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        TeardownObservation seen = connection.Seen;
        seen.Requests = 0;
        bool isOpen = true;
        while (isOpen && seen.Requests < connection.Options.MaxRequests && !seen.Announced && connection.Socket.ReadInfo()?.State is not (TcpState.CloseWait or TcpState.Closed))
            isOpen = await AskAsync(connection, cancellation).ConfigureAwait(false);
        if (isOpen)
            isOpen = (await connection.AwaitCloseAsync(connection.Options.WaitLimit, cancellation).ConfigureAwait(false)).Kind is ArrivalKind.Nothing;
        if (!isOpen && !seen.Cancelled && seen.Read is not null)
            await connection.WriteAfterCloseAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a request and reads its answer. Returns false if the connection ended before the answer was complete.</summary>
    private static async Task<bool> AskAsync(ProbeConnection connection, CancellationToken cancellation)
    {
        TeardownObservation seen = connection.Seen;
        AnswerReader answer = new();
        await connection.SendRequestAsync(cancellation).ConfigureAwait(false);
        while (!answer.IsComplete)
        {
            Arrival arrival = await connection.Channel.ReceiveAsync(connection.Options.WaitLimit, cancellation).ConfigureAwait(false);
            if (arrival.Kind != ArrivalKind.Data)
            {
                connection.Note(arrival, cancellation);
                if (arrival.Kind == ArrivalKind.End && answer.EndsWithConnection)
                    NoteAnswer(seen, answer);
                else
                    seen.RequestLost = arrival.Kind != ArrivalKind.Nothing;
                return false;
            }

            answer.Feed(arrival.Data.Span);
        }

        NoteAnswer(seen, answer);
        return true;
    }

    private static void NoteAnswer(TeardownObservation seen, AnswerReader answer)
    {
        seen.Requests++;
        seen.Answered = true;
        seen.HttpStatus = answer.Status;
        seen.Announced = answer.Announced;
    }
}
