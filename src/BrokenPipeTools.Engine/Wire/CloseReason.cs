namespace BrokenPipeTools.Wire;

/// <summary>The protocols in which a side states why it closes.</summary>
internal enum ReasonKind : byte
{
    None,

    /// <summary>The head of an HTTP/1 response: code is the status; detail is 1 with <c>Connection: close</c>.</summary>
    Http,

    /// <summary>HTTP/2 GOAWAY: detail is the error code (RFC 9113, section 7).</summary>
    Http2GoAway,

    /// <summary>TLS alert in plain bytes: code is level × 256 + description (RFC 8446, section 6).</summary>
    TlsAlert,

    /// <summary>TLS alert whose content is encrypted.</summary>
    TlsEncryptedAlert,

    /// <summary>PostgreSQL ErrorResponse: code is the severity, detail the SQLSTATE.</summary>
    PostgreSql,

    /// <summary>Redis error: code is the index in <see cref="RedisError.Words"/>.</summary>
    Redis,

    /// <summary>SMTP, FTP, NNTP: code is the reply code.</summary>
    Reply,

    /// <summary>IMAP untagged BYE (RFC 9051, section 7.1.5).</summary>
    ImapBye,

    /// <summary>MySQL ERR_Packet: code is the error code, detail the SQLSTATE.</summary>
    MySql,

    /// <summary>A line of text that sshd sends in place of its identification.</summary>
    Ssh,

    /// <summary>WebSocket Close frame: code is the status code (RFC 6455, section 7.4).</summary>
    WebSocketClose,

    /// <summary>MP_TCPRST option of a RST: code is the reason (RFC 8684, section 3.6).</summary>
    MptcpReset,

    /// <summary>Text in a RST (RFC 1122, section 4.2.2.12).</summary>
    ResetText,
}

/// <summary>The meaning of a free text, as far as known words give it. The text itself is never kept.</summary>
internal enum ReasonPhrase : byte
{
    None,
    TimedOut,
    TooMany,
    ShuttingDown,
    Authentication,
    NotAllowed,
}

/// <summary>
/// The reason in plain bytes that a side sends before it closes, as numbers: it has no text of the payload, and 8 bytes.
/// </summary>
/// <param name="Kind">The protocol.</param>
/// <param name="Phrase">The meaning of its text.</param>
/// <param name="Code">See <see cref="ReasonKind"/>.</param>
/// <param name="Detail">See <see cref="ReasonKind"/>.</param>
internal readonly record struct CloseReason(ReasonKind Kind, ReasonPhrase Phrase = ReasonPhrase.None, ushort Code = 0, uint Detail = 0)
{
    private const int FirstErrorStatus = 400;

    /// <summary>Its payload exists for the sake of the reason; the head of a successful HTTP response does not.</summary>
    public bool IsFarewell => Kind != ReasonKind.None && !(Kind == ReasonKind.Http && Code < FirstErrorStatus);

    /// <summary>Packs a SQLSTATE of five digits and capital letters. Returns 0 for anything else.</summary>
    public static uint PackSqlState(ReadOnlySpan<byte> text)
    {
        if (text.Length != SqlStateLength)
            return 0;
        uint packed = 0;
        foreach (byte b in text)
        {
            int digit = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : b is >= (byte)'A' and <= (byte)'Z' ? b - 'A' + 10 : -1;
            if (digit < 0)
                return 0;
            packed = (packed * 36) + (uint)digit;
        }

        return packed + 1; // 00000 is a state, too
    }

    /// <summary>The SQLSTATE that <see cref="PackSqlState"/> packed.</summary>
    public static string UnpackSqlState(uint packed) => string.Create(SqlStateLength, packed - 1, static (text, rest) =>
    {
        for (int i = SqlStateLength - 1; i >= 0; i--, rest /= 36)
            text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(rest % 36)];
    });

    private const int SqlStateLength = 5;
}
