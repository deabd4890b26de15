using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer;

/// <summary>A behavior and its description in one line.</summary>
/// <param name="Behavior">The behavior.</param>
/// <param name="Summary">The description: one sentence, shown in completion, by <c>brokenpipe serve --list</c> and in the help.</param>
internal sealed record ServerBehaviorSummary(ServerBehavior Behavior, string Summary);

/// <summary>The table of all behaviors of a misbehaving server.</summary>
internal static class ServerBehaviors
{
    /// <summary>All behaviors, the normal ones first.</summary>
    public static IReadOnlyList<ServerBehaviorSummary> All { get; } =
    [
        new(ServerBehavior.HttpHtml, "A complete HTTP answer with a small page; the connection stays open."),
        new(ServerBehavior.HttpJson, "A complete HTTP answer with a JSON object; the connection stays open."),
        new(ServerBehavior.HttpHeadersOnly, "A complete HTTP answer without a body (Content-Length: 0); the connection stays open."),
        new(ServerBehavior.SlowResponse, "The answer is sent one byte per interval (30 s), then FIN."),
        new(ServerBehavior.ResetOnAccept, "RST immediately after accept."),
        new(ServerBehavior.ResetAfterRequest, "The request is read, then RST."),
        new(ServerBehavior.CloseOnAccept, "FIN immediately after accept."),
        new(ServerBehavior.CloseAfterRequest, "The request is read, then FIN without an answer."),
        new(ServerBehavior.CloseWithUnreadData, "Nothing is read; the server closes when data has arrived, so the kernel sends RST."),
        new(ServerBehavior.RandomBytes, "Seven random bytes, then FIN."),
        new(ServerBehavior.NeverAnswer, "Everything is read and nothing is answered, for a day."),
        new(ServerBehavior.IdleTimeout, "HTTP requests are answered; FIN after an idle time (5 s)."),
        new(ServerBehavior.HalfClose, "FIN after the request, without an answer; the server reads on until the client closes."),
        new(ServerBehavior.TruncatedBody, "The body ends with FIN before its Content-Length is reached."),
        new(ServerBehavior.EarlyResponse, "413 and a close while the client uploads: because of unread data the kernel sends RST."),
        new(ServerBehavior.MaxRequests, "FIN after a number of keep-alive answers (1)."),
        new(ServerBehavior.Refuse, "For a time (3 s) connections are refused: RST answers the SYN."),
        new(ServerBehavior.FullBacklog, "For a time (3 s) the accept queue is full: Linux does not answer a SYN."),
        new(ServerBehavior.DropSyn, "For a time (3 s) SYNs are dropped, as a firewall does (Linux)."),
        new(ServerBehavior.LateAccept, "For a time (3 s) no connection is accepted: clients connect, send, and wait."),
        new(ServerBehavior.ResetBeforeHandshake, "With TLS: the ClientHello is read, then RST."),
        new(ServerBehavior.ResetDuringHandshake, "With TLS: the ServerHello is sent, then RST."),
        new(ServerBehavior.ResetAfterHandshake, "With TLS: RST immediately after the handshake."),
        new(ServerBehavior.Forward, "With an upstream server: forwards bytes and half-closes in both directions."),
        new(ServerBehavior.ForwardThenClose, "As Forward up to a number of bytes, requests or seconds, then FIN."),
        new(ServerBehavior.ForwardThenReset, "As Forward up to a number of bytes, requests or seconds, then RST."),
        new(ServerBehavior.ForwardThenSilence, "As Forward up to a number of bytes, requests or seconds, then forwards nothing more."),
        new(ServerBehavior.UnixSink, "A Unix-domain socket: reads until the client closes, and logs the text."),
    ];

    /// <summary>Returns the sentence about a behavior.</summary>
    public static string SummaryOf(ServerBehavior behavior) => All.First(b => b.Behavior == behavior).Summary;
}
