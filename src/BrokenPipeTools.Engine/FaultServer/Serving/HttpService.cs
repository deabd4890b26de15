using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>
/// Answers HTTP requests correctly, one after another. The behaviors with an idle time-out and with an unannounced close after some requests are this
/// service with a limit: a client's next request may cross the close (the keep-alive race, RFC 9112, section 9.5).
/// </summary>
internal sealed class HttpService : Service
{
    public override async Task<CloseMode> ServeAsync(ServerConnection connection)
    {
        BrokenPipeServerOptions options = connection.Options;
        bool watchesSilence = connection.Behavior == ServerBehavior.IdleTimeout;
        RequestReader reader = new(connection, watchesSilence ? options.IdleTimeout : null);
        while (true)
        {
            RequestKind kind = await reader.NextAsync().ConfigureAwait(false);
            if (kind == RequestKind.Closed)
                return CloseMode.ClientClosed;
            if (kind == RequestKind.NothingCame)
                return connection.OwnCloseMode;
            if (kind == RequestKind.Other && watchesSilence)
                continue; // another protocol: its bytes only prevent the idle time-out
            if (kind != RequestKind.Http)
                return await RefuseAsync(connection, kind).ConfigureAwait(false);

            HttpHead head = reader.Head!;
            HttpAnswer answer = AnswerOf(connection).To(head) with { KeepAlive = head.KeepAlive };
            await connection.SendAsync(answer.ToBytes()).ConfigureAwait(false);
            if (connection.Behavior == ServerBehavior.MaxRequests && connection.Requests >= options.MaxRequests)
                return connection.OwnCloseMode;
            if (!head.KeepAlive)
                return await connection.CloseGentlyAsync().ConfigureAwait(false);
            if (options.Per == ServerStep.Request)
                return await NextRequestAsync(connection, reader).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves the next request to the next behavior of the sequence. After an IdleTimeout, the request must come in time.</summary>
    private static async Task<CloseMode> NextRequestAsync(ServerConnection connection, RequestReader reader)
    {
        connection.PushBack(reader.Held);
        if (connection.Behavior != ServerBehavior.IdleTimeout)
            return CloseMode.NextRequest;
        int count = await connection.ReceiveAsync(new byte[1], connection.Options.IdleTimeout, peek: true).ConfigureAwait(false);
        return count == ServerConnection.NothingCame ? connection.OwnCloseMode : CloseMode.NextRequest;
    }

    private static HttpAnswer AnswerOf(ServerConnection connection) => connection.Behavior switch
    {
        ServerBehavior.HttpHeadersOnly => new HttpAnswer("200 OK"),
        ServerBehavior.HttpJson => HttpAnswer.Object(connection),
        _ => HttpAnswer.Page(connection),
    };

    private static async Task<CloseMode> RefuseAsync(ServerConnection connection, RequestKind kind)
    {
        HttpAnswer answer = kind switch
        {
            RequestKind.Other or RequestKind.Damaged => HttpAnswer.BadRequest,
            RequestKind.HeaderTimedOut => HttpAnswer.RequestTimeout,
            _ => HttpAnswer.HeadersTooLarge,
        };
        await connection.SendAsync(answer.ToBytes()).ConfigureAwait(false);
        return await connection.CloseGentlyAsync().ConfigureAwait(false);
    }
}
