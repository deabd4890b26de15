namespace BrokenPipeTools.Wire;

/// <summary>The protocols in which a side states why it closes.</summary>
internal enum ReasonKind : byte
{
    None,

    /// <summary>The head of an HTTP/1 response: code is the status; detail has <c>Connection: close</c> and the time of <c>Keep-Alive</c>.</summary>
    Http,

    /// <summary>HTTP/2 GOAWAY: detail is the error code (RFC 9113, section 7); the phrase is that of its debug data.</summary>
    Http2GoAway,

    /// <summary>Unencrypted TLS alert: code is level × 256 + description (RFC 8446, section 6).</summary>
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
