using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

/// <summary>
/// Answers HTTP requests properly, one after another. An idle timeout and an unannounced end after so many requests are the same
/// service with a limit: both let a client's next request cross the close (the keep-alive race, RFC 9112, section 9.5).
/// </summary>
internal sealed class HttpService : Service
{
    public override async Task<Farewell> ServeAsync(Conversation conversation)
    {
        FaultServerOptions options = conversation.Options;
        bool watchesSilence = options.Behavior == ServerBehavior.IdleTimeout;
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
            if (options.Behavior == ServerBehavior.MaxRequests && conversation.Requests >= options.MaxRequests)
                return conversation.OwnFarewell;
            if (!head.KeepAlive)
                return await conversation.CloseGentlyAsync().ConfigureAwait(false);
        }
    }

    private static HttpAnswer AnswerOf(Conversation conversation) => conversation.Options.Behavior switch
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
