using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>One way to treat a client. A service is stateless: one object serves all connections of a server.</summary>
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
        _ when IsOfHandshake(behavior) => new HandshakeService(),
        _ when Forwards(behavior) => new ForwardService(),
        ServerBehavior.UnixSink => new SinkService(),
        _ => throw new ArgumentOutOfRangeException(nameof(behavior)),
    };

    /// <summary>Returns whether the behavior is part of the TLS handshake.</summary>
    public static bool IsOfHandshake(ServerBehavior behavior) =>
        behavior is ServerBehavior.ResetBeforeHandshake or ServerBehavior.ResetDuringHandshake or ServerBehavior.ResetAfterHandshake;

    /// <summary>Returns whether the behavior forwards the connection to an upstream server.</summary>
    public static bool Forwards(ServerBehavior behavior) =>
        behavior is ServerBehavior.Forward or ServerBehavior.ForwardThenClose or ServerBehavior.ForwardThenReset or ServerBehavior.ForwardThenSilence;

    /// <summary>Whether the behavior acts before the TLS handshake. Other behaviors act inside TLS, if the server uses it.</summary>
    public virtual bool BeginsBeforeTls => false;

    /// <summary>
    /// Serves the connection. Returns how to close it. Errors of the socket are thrown to the caller, because they show how the client ended the
    /// connection.
    /// </summary>
    public abstract Task<CloseMode> ServeAsync(ServerConnection connection);

    /// <summary>Waits for a request. Returns false if the client closed first, or the head was not complete in time.</summary>
    protected static async ValueTask<bool> RequestCameAsync(ServerConnection connection, bool leaveBody = false) =>
        Came(await new RequestReader(connection, leaveBody: leaveBody).NextAsync().ConfigureAwait(false));

    /// <summary>
    /// Waits for a request. Returns the answer to it, made when the request is complete; null if the client closed first, or the head was not complete
    /// in time.
    /// </summary>
    protected static async ValueTask<HttpAnswer?> AnswerToRequestAsync(ServerConnection connection, Func<ServerConnection, HttpAnswer> answer)
    {
        RequestReader reader = new(connection);
        return Came(await reader.NextAsync().ConfigureAwait(false)) ? answer(connection).To(reader.Head) : null;
    }

    private static bool Came(RequestKind kind) => kind is not (RequestKind.Closed or RequestKind.HeaderTimedOut);
}
