using BrokenPipeTools.Reports;

namespace BrokenPipeTools.FaultServer;

/// <summary>A behaviour and what to say of it in one line.</summary>
/// <param name="Behavior">Its name.</param>
/// <param name="Summary">One sentence: shown in completion, by <c>brokenpipe serve --list</c> and in the help.</param>
internal sealed record ServerBehaviorSummary(ServerBehavior Behavior, string Summary);

/// <summary>The one table of what a misbehaving server can do.</summary>
internal static class ServerBehaviors
{
    /// <summary>All of them, the well-behaved first.</summary>
    public static IReadOnlyList<ServerBehaviorSummary> All { get; } =
    [
        new(ServerBehavior.HttpHtml, "A proper HTTP answer with a small page; the connection is kept."),
        new(ServerBehavior.HttpJson, "A proper HTTP answer with a JSON object; the connection is kept."),
        new(ServerBehavior.HttpHeadersOnly, "A proper HTTP answer of headers alone (Content-Length: 0); the connection is kept."),
        new(ServerBehavior.SlowResponse, "The answer comes a byte at an interval (30 s), then FIN."),
        new(ServerBehavior.ResetOnAccept, "RST as soon as the connection is there."),
        new(ServerBehavior.ResetAfterRequest, "The request is read, then RST."),
        new(ServerBehavior.CloseOnAccept, "FIN as soon as the connection is there."),
        new(ServerBehavior.CloseAfterRequest, "The request is read, then FIN without an answer."),
        new(ServerBehavior.CloseWithUnreadData, "Nothing is read; closed when data has arrived, so the kernel sends RST."),
        new(ServerBehavior.RandomBytes, "Seven random bytes, then FIN."),
        new(ServerBehavior.NeverAnswer, "Everything is read and nothing answered, for a day."),
        new(ServerBehavior.IdleTimeout, "HTTP requests are answered; FIN after a time without a byte (5 s)."),
        new(ServerBehavior.HalfClose, "FIN after the request, without an answer; reading goes on until the client closes."),
        new(ServerBehavior.TruncatedBody, "The body ends before its Content-Length, with FIN."),
        new(ServerBehavior.EarlyResponse, "413 and a close while the client uploads: its unread data makes the kernel send RST."),
        new(ServerBehavior.MaxRequests, "FIN after a number of answers (1) that promised to keep the connection."),
        new(ServerBehavior.Refuse, "For a time (3 s) connections are refused: RST answers the SYN."),
        new(ServerBehavior.FullBacklog, "For a time (3 s) the accept queue is full: Linux does not answer a SYN."),
        new(ServerBehavior.DropSyn, "For a time (3 s) SYNs are dropped, as by a firewall (Linux)."),
        new(ServerBehavior.LateAccept, "For a time (3 s) nothing is accepted: clients connect, send, and wait."),
        new(ServerBehavior.ResetBeforeHandshake, "With TLS: the ClientHello is read, then RST."),
        new(ServerBehavior.ResetDuringHandshake, "With TLS: the ServerHello is sent, then RST."),
        new(ServerBehavior.ResetAfterHandshake, "With TLS: RST as soon as the handshake is complete."),
        new(ServerBehavior.Forward, "With an upstream server: bytes and half-closes are passed on in both directions."),
        new(ServerBehavior.ForwardThenClose, "As Forward up to a number of bytes, requests or seconds, then FIN."),
        new(ServerBehavior.ForwardThenReset, "As Forward up to a number of bytes, requests or seconds, then RST."),
        new(ServerBehavior.ForwardThenSilence, "As Forward up to a number of bytes, requests or seconds, then nothing more is passed on."),
        new(ServerBehavior.UnixSink, "A Unix-domain socket that reads until the client closes, and logs the text."),
    ];

    /// <summary>The sentence on one of them.</summary>
    public static string SummaryOf(ServerBehavior behavior) => All.First(b => b.Behavior == behavior).Summary;
}
