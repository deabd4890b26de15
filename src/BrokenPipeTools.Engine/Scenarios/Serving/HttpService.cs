using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios.Serving;

/// <summary>
/// Answers HTTP requests properly, one after another. An idle timeout and an unannounced end after so many requests are the same
/// service with a limit: both let a client's next request cross the close (the keep-alive race, RFC 9112, section 9.5).
/// </summary>
internal sealed class HttpService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        FaultServerOptions options = conversation.Options;
        bool watchesSilence = conversation.Behavior == ServerBehavior.IdleTimeout;
        RequestReader reader = new(conversation, watchesSilence ? options.IdleTimeout : null);
        while (true)
        {
            RequestKind kind = await reader.NextAsync().ConfigureAwait(false);
            if (kind == RequestKind.Closed)
                return Farewell.ClientClosed;
            if (kind == RequestKind.NothingCame)
                return conversation.OwnFarewell;
            if (kind == RequestKind.Other && watchesSilence)
                continue; // another protocol: its bytes only keep the connection from being idle
            if (kind != RequestKind.Http)
                return await RefuseAsync(conversation, kind).ConfigureAwait(false);

            HttpHead head = reader.Head!;
            HttpAnswer answer = AnswerOf(conversation) with { KeepAlive = head.KeepAlive };
            await conversation.SendAsync(answer.ToBytes(head.Method != "HEAD")).ConfigureAwait(false);
            if (conversation.Behavior == ServerBehavior.MaxRequests && conversation.Requests >= options.MaxRequests)
                return conversation.OwnFarewell;
            if (!head.KeepAlive)
                return await conversation.CloseGentlyAsync().ConfigureAwait(false);
            if (options.Per == ServerStep.Request)
                return await NextRequestAsync(conversation, reader).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves the next request to the next behaviour. After an IdleTimeout it has to come in time.</summary>
    private static async Task<Farewell> NextRequestAsync(Conversation conversation, RequestReader reader)
    {
        conversation.PushBack(reader.Held);
        if (conversation.Behavior != ServerBehavior.IdleTimeout)
            return Farewell.NextRequest;
        int count = await conversation.ReceiveAsync(new byte[1], conversation.Options.IdleTimeout, peek: true).ConfigureAwait(false);
        return count == Conversation.NothingCame ? conversation.OwnFarewell : Farewell.NextRequest;
    }

    private static HttpAnswer AnswerOf(Conversation conversation) => conversation.Behavior switch
    {
        ServerBehavior.HttpHeadersOnly => new HttpAnswer("200 OK"),
        ServerBehavior.HttpJson => HttpAnswer.Object(conversation),
        _ => HttpAnswer.Page(conversation),
    };

    private static async Task<Farewell> RefuseAsync(Conversation conversation, RequestKind kind)
    {
        HttpAnswer answer = kind switch
        {
            RequestKind.Other => HttpAnswer.BadRequest,
            RequestKind.HeaderTimedOut => HttpAnswer.RequestTimeout,
            _ => HttpAnswer.HeadersTooLarge,
        };
        await conversation.SendAsync(answer.ToBytes()).ConfigureAwait(false);
        return await conversation.CloseGentlyAsync().ConfigureAwait(false);
    }
}
