using System.Globalization;
using BrokenPipeTools.Connections;
using BrokenPipeTools.Diagnosis.Text;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.Diagnosis.Reasons;

/// <summary>Makes the text of a stated reason: at most 80 characters, only from known names and from numbers.</summary>
internal static class ReasonText
{
    private const int FtpPort = 21;
    private const int NntpPort = 119;
    private const int Pop3Port = 110;
    private const int Pop3sPort = 995;

    /// <summary>Returns the text of a reason, or null for none.</summary>
    /// <param name="stated">The reason.</param>
    /// <param name="serverPort">The server's port, which distinguishes SMTP from FTP and Redis from POP3, whose messages look alike.</param>
    public static string? Of(in StatedReason stated, int serverPort)
    {
        CloseReason reason = stated.Reason;
        return reason.Kind switch
        {
            ReasonKind.None => null,
            ReasonKind.Http => OfHttp(reason),
            ReasonKind.Http2GoAway => $"HTTP/2 GOAWAY {HttpReasons.Http2ErrorOf(reason.Detail) ?? Number($"error 0x{reason.Detail:x}")}{Phrase(reason.Phrase)}",
            ReasonKind.TlsAlert => OfTlsAlert(reason.Code),
            ReasonKind.TlsEncryptedAlert => "TLS alert (encrypted)",
            ReasonKind.PostgreSql => OfPostgreSql(reason),
            ReasonKind.Redis => serverPort is Pop3Port or Pop3sPort ? $"POP3 -ERR{Phrase(reason.Phrase)}" : OfRedis(reason),
            ReasonKind.Reply => Number($"{ReplyProtocol(serverPort)}{reason.Code}{(reason.Phrase == ReasonPhrase.None ? ReplyMeaning(reason.Code) : Phrase(reason.Phrase))}"),
            ReasonKind.ImapBye => $"IMAP BYE{Phrase(reason.Phrase)}",
            ReasonKind.MySql => OfMySql(reason),
            ReasonKind.Ssh => reason.Phrase == ReasonPhrase.TooMany ? "SSH Exceeded MaxStartups" : "SSH Not allowed at this time",
            ReasonKind.WebSocketClose => Number($"WebSocket close {reason.Code}{(HttpReasons.WebSocketOf(reason.Code) is { } meaning ? " " + meaning : "")}"),
            ReasonKind.MptcpReset => Number($"MPTCP reset {reason.Code}{(MptcpMeaning(reason.Code) is { } meaning ? " " + meaning : "")}"),
            ReasonKind.ResetText => stated.Text is null ? null : $"RST text: {stated.Text}",
            _ => null,
        };
    }

    private static string OfHttp(in CloseReason reason)
    {
        string phrase = HttpReasons.PhraseOf(reason.Code) is { } known ? " " + known : "";
        return Number($"HTTP {reason.Code}{phrase}{(reason.IsClosingMessage ? "" : ", Connection: close")}");
    }

    private static string OfTlsAlert(ushort code)
    {
        byte description = (byte)code;
        string level = code >> 8 == 2 ? "fatal" : "warning";
        return Number($"TLS alert {level} {TlsAlerts.NameOf(description) ?? "unknown"} ({description})");
    }

    private static string OfPostgreSql(in CloseReason reason)
    {
        string state = CloseReason.UnpackSqlState(reason.Detail);
        string severity = reason.Code < DatabaseError.Severities.Count ? DatabaseError.Severities[reason.Code] : "";
        string name = PostgreSqlStates.NameOf(state) is { } known ? " " + known : "";

        // PgBouncer uses one SQLSTATE for all its errors, so only the text distinguishes them.
        string phrase = state == "08P01" ? Phrase(reason.Phrase) : "";
        return $"PostgreSQL {(severity.Length == 0 ? "" : severity + " ")}{state}{name}{phrase}";
    }

    private static string OfRedis(in CloseReason reason)
    {
        string word = RedisError.Words[reason.Code];
        string phrase = reason.Phrase == ReasonPhrase.TooMany ? " max number of clients reached" : Phrase(reason.Phrase);
        return $"Redis -{word}{phrase}";
    }

    private static string OfMySql(in CloseReason reason)
    {
        string state = reason.Detail == 0 ? "" : $" ({CloseReason.UnpackSqlState(reason.Detail)})";
        string name = MySqlErrors.NameOf(reason.Code) is { } known ? " " + known : Phrase(reason.Phrase);
        return Number($"MySQL {reason.Code}{state}{name}");
    }

    private static string ReplyProtocol(int port) => port switch
    {
        FtpPort => "FTP ",
        NntpPort => "NNTP ",
        25 or 465 or 587 or 2525 => "SMTP ",
        _ => "reply ",
    };

    private static string ReplyMeaning(ushort code) => code switch
    {
        421 => " service not available, closing",
        221 => " closing",
        _ => "",
    };

    private static string Phrase(ReasonPhrase phrase) => phrase switch
    {
        ReasonPhrase.TimedOut => " timeout",
        ReasonPhrase.TooMany => " too many connections",
        ReasonPhrase.ShuttingDown => " shutting down",
        ReasonPhrase.Authentication => " authentication",
        ReasonPhrase.NotAllowed => " not allowed",
        _ => "",
    };

    private static string? MptcpMeaning(ushort code) => code switch
    {
        0 => "unspecified error",
        1 => "MPTCP-specific error",
        2 => "lack of resources",
        3 => "administratively prohibited",
        4 => "too much outstanding data",
        5 => "unacceptable performance",
        6 => "middlebox interference",
        _ => null,
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
