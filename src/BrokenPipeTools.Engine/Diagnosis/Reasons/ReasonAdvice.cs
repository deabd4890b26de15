using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Facts;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Gives the advice for a reason that a side stated. It is more exact than the advice for the cause.</summary>
internal static class ReasonAdvice
{
    /// <summary>
    /// Returns the advice for the reason of the side that closed first; without one, for the reason of the other side. Returns null if there is no
    /// advice for either.
    /// </summary>
    public static string? Of(CloseFacts facts)
    {
        if (!facts.HasReasons)
            return facts.State == Closing.CloseState.Graceful && facts.LastServerError is { At.Exists: true } error ? OfHttp(error.Reason.Code) : null;
        int closer = facts.ResetAt.Exists && facts.State == Closing.CloseState.Reset ? facts.ResetSender : facts.ClosedBy == Closing.ClosedBy.Client ? facts.Client : 1 - facts.Client;
        if (facts.WaitedForNothing(closer))
            return WaitedTooLong;
        return Of(facts.ReasonOf(closer).Reason) ?? Of(facts.ReasonOf(1 - closer).Reason);
    }

    private static string? Of(in CloseReason reason) => reason.Kind switch
    {
        ReasonKind.None => null,
        ReasonKind.Http => OfHttp(reason.Code),
        ReasonKind.Http2GoAway when reason.Phrase == ReasonPhrase.None => OfGoAway(reason.Detail),
        ReasonKind.TlsAlert when TlsAlerts.IsFatal(reason.Code) => OfTls((byte)reason.Code),
        ReasonKind.PostgreSql => OfPostgreSql(CloseReason.UnpackSqlState(reason.Detail)) ?? OfMeaning(reason),
        ReasonKind.MySql => OfMySql(reason.Code) ?? OfMeaning(reason),
        ReasonKind.Redis when reason.Phrase == ReasonPhrase.TooMany => "Redis reached maxclients: raise it (and the limit of open files), or let clients share connections in a pool and close those that they no longer use.",
        ReasonKind.Ssh when reason.Phrase == ReasonPhrase.TooMany => "sshd reached MaxStartups, its limit of connections that have not logged in yet: raise it, lower LoginGraceTime, or stop the scans that use all of them.",
        ReasonKind.MptcpReset => null,
        _ => OfMeaning(reason),
    };

    private const string WaitedTooLong = "The side that closed sent the reason: it had waited too long. Send more often, close idle connections on this side first, or raise its time-out.";

    private static string? OfMeaning(in CloseReason reason) => ReasonMeanings.Of(reason) switch
    {
        ReasonMeaning.Idle => WaitedTooLong,
        ReasonMeaning.Exhausted => "The side that closed sent the reason: it had reached a limit. Raise that limit, or let clients use fewer connections (a pool).",
        ReasonMeaning.ShuttingDown => "The side that closed was shutting down, or an administrator ended the connection: look for a restart, a deploy or an operator at that time. Connect again.",
        ReasonMeaning.Rejected => "The side that closed sent the reason: it refused the client or its request. Its log has the details.",
        _ => null,
    };

    private static string? OfHttp(ushort status) => status switch
    {
        401 or 407 => "The request lacked credentials: send them with the first request, or send Expect: 100-continue and wait for the answer before the body.",
        408 => "The server waited too long for the request: send it right after connecting, do not open connections in advance for longer than its time-out, or raise that time-out (nginx: client_header_timeout, client_body_timeout; HAProxy: timeout http-request).",
        413 => "The request body is larger than the server's limit: raise it (nginx: client_max_body_size), or send Expect: 100-continue and wait for the answer before the body.",
        417 => "The server does not accept Expect: 100-continue: send the request without it.",
        431 => "The request's header is larger than the server's limit: make cookies smaller, or raise it (nginx: large_client_header_buffers).",
        429 => "The server limits the rate of requests: send fewer, and wait for the time in Retry-After.",
        503 => "The server had no capacity, or no backend that works: look at its log, its limit of connections (HAProxy: maxconn, queue; nginx: limit_conn) and the health of its backends.",
        502 or 504 => "The proxy got no usable answer from its backend: check the connection between the two, and the proxy's time-outs.",
        _ => null,
    };

    private static string? OfGoAway(uint code) => code switch
    {
        0 => "GOAWAY without an error: the server is shutting down, or the connection reached the limit of requests, age or idle time. Send new requests on a new connection; requests above the last stream ID were not processed.",
        4 => "The peer did not acknowledge SETTINGS in time: look for a client that stopped reading, or an overloaded one.",
        11 => "The peer rejects the client's load (ENHANCE_YOUR_CALM): too many pings (gRPC keepalive: raise the client's interval, or permit it on the server), too many stream resets, or too many headers.",
        12 => "The TLS version or cipher suite is not acceptable for HTTP/2 (RFC 9113, section 9.2): change the TLS settings.",
        _ => "One side found a violation of the HTTP/2 protocol by the other: check the versions of both, and the proxies between them.",
    };

    private static string OfTls(byte description) => description switch
    {
        40 or 71 => "The TLS handshake failed: the two sides have no common cipher suite, group or signature algorithm, or a client certificate is missing. Compare both with openssl s_client.",
        42 or 43 or 44 or 45 or 46 => "TLS: the sender of the alert did not accept the other side's certificate (broken, revoked, expired, or not for this use): look at its dates and chain with openssl s_client -showcerts.",
        48 => "TLS: the sender of the alert does not trust the authority that signed the other side's certificate: install that authority there, or send the whole chain.",
        70 or 86 => "The two sides have no common TLS version: compare their minimum and maximum.",
        112 => "The server has no certificate for the name that the client asked for (SNI): compare ServerName with its configuration.",
        116 => "The server requires a client certificate: configure one.",
        120 => "The two sides have no common application protocol (ALPN): compare their lists.",
        49 => "TLS: the certificate is valid, but access is denied to its holder.",
        _ => "TLS failed, and the alert has the reason: look in the log of the side that sent it. If the alert is bad_record_mac, decode_error or unexpected_message, a device may change the traffic, or the port may serve another protocol.",
    };

    private static string? OfPostgreSql(string state) => state switch
    {
        "53300" => "PostgreSQL reached its limit of connections: raise max_connections (or the limit of the role or database), or use a pool such as PgBouncer in front of it.",
        "57P01" => "An administrator or the system ended the connection: a restart, a failover, or pg_terminate_backend. The server's log has the time; connect again.",
        "57P02" => "PostgreSQL ended all connections because another of its processes had crashed: look in its log for that process and for a lack of memory (the kernel's OOM killer). Connect again.",
        "57P03" => "PostgreSQL was starting up or shutting down: connect again later.",
        "57P05" => "idle_session_timeout ended it: let the pool close idle connections earlier, or raise it.",
        "25P03" => "idle_in_transaction_session_timeout ended it: let the program commit or roll back sooner, or raise it.",
        "25P04" => "transaction_timeout ended it: make the transaction shorter, or raise it.",
        _ => null,
    };

    private static string? OfMySql(ushort code) => code switch
    {
        1040 => "MySQL reached max_connections: raise it, or let clients share connections in a pool.",
        1203 or 1226 => "The MySQL user reached its own limit (max_user_connections or a limit per hour): raise it, or use fewer connections.",
        1129 => "MySQL blocks the client's host after too many failed connects (max_connect_errors): run FLUSH HOSTS, and find out why the connects fail.",
        4031 => "wait_timeout or interactive_timeout ended it: let the pool close idle connections earlier, or raise it.",
        1159 or 1161 => "net_read_timeout or net_write_timeout ended it: the other side was too slow.",
        1153 => "The packet is larger than max_allowed_packet: raise it on both sides.",
        _ => null,
    };
}
