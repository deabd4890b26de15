using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Scenarios;

/// <summary>One way to treat a client. Has no state of its own: one object serves all connections of a server.</summary>
internal abstract class Service
{
    public static Service For(ServerBehavior behavior) => behavior switch
    {
        ServerBehavior.HttpHtml or ServerBehavior.HttpJson or ServerBehavior.HttpHeadersOnly => new HttpService(),
        ServerBehavior.IdleTimeout or ServerBehavior.MaxRequests => new HttpService(),
        ServerBehavior.SlowResponse => new SlowService(),
        ServerBehavior.ResetOnAccept or ServerBehavior.CloseOnAccept => new TurnAwayService(),
        ServerBehavior.ResetAfterRequest or ServerBehavior.CloseAfterRequest => new HangUpService(),
        ServerBehavior.CloseWithUnreadData => new UnreadDataService(),
        ServerBehavior.RandomBytes => new RandomBytesService(),
        ServerBehavior.NeverAnswer => new SilentService(),
        ServerBehavior.HalfClose => new HalfCloseService(),
        ServerBehavior.TruncatedBody => new TruncatedBodyService(),
        ServerBehavior.EarlyResponse => new EarlyResponseService(),
        ServerBehavior.UnixSink => new SinkService(),
        _ => throw new ArgumentOutOfRangeException(nameof(behavior)),
    };

    /// <summary>Treats it, and says how it is to be closed. Errors of the socket are let through: they are how the client ended it.</summary>
    public abstract Task<Farewell> ServeAsync(Conversation conversation);

    /// <summary>Waits for a request. Returns false if the client closed first, or did not come to the end of a head.</summary>
    protected static async ValueTask<bool> RequestCameAsync(Conversation conversation, bool leaveBody = false) =>
        await new RequestReader(conversation, leaveBody: leaveBody).NextAsync().ConfigureAwait(false) is not (RequestKind.Closed or RequestKind.HeaderTimedOut);
}
