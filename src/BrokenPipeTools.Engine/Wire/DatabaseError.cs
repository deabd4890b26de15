using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Reads the error messages of PostgreSQL and MySQL.</summary>
internal static class DatabaseError
{
    private const int PostgreSqlFieldsAt = 5;
    private const int LongestPostgreSql = 16_384;
    private const int LongestNotice = 2048;
    private const int MySqlMarkAt = 4;
    private const int MySqlStateAt = 7;
    private const byte MySqlError = 0xFF;
    private const int FirstMySqlCode = 1000;
    private const int LongestMySql = 1024;

    /// <summary>The code of a NoticeResponse with which PostgreSQL ends a connection; see <see cref="Severities"/>.</summary>
    private const ushort Warning = 4;

    /// <summary>Bytes. A severity in any language, with the length before it, is shorter.</summary>
    private const int LongestSeverity = 64;

    /// <summary>The severities of an ErrorResponse; their index is the code.</summary>
    public static IReadOnlyList<string> Severities { get; } = ["", "ERROR", "FATAL", "PANIC", "WARNING"];

    /// <summary>
    /// Reads a PostgreSQL ErrorResponse: 'E', length (4), then fields, each a letter and a text that ends with 0; a 0 ends the list. Returns an empty
    /// value if it is not one with a SQLSTATE.
    /// </summary>
    public static CloseReason ReadPostgreSql(ReadOnlySpan<byte> payload)
    {
        if (payload[0] != (byte)'E' || payload.Length < PostgreSqlFieldsAt + 2 || BinaryPrimitives.ReadUInt32BigEndian(payload[1..]) is < 8 or > LongestPostgreSql)
            return default;
        return ReadFields(payload[PostgreSqlFieldsAt..]);
    }

    /// <summary>Reads the fields of an ErrorResponse or NoticeResponse. Returns an empty value if there is no SQLSTATE.</summary>
    private static CloseReason ReadFields(ReadOnlySpan<byte> fields)
    {
        int severity = 0;
        uint state = 0;
        ReasonPhrase phrase = ReasonPhrase.None;
        while (fields.Length > 1 && fields[0] != 0 && fields.IndexOf((byte)0) is > 0 and var end)
        {
            ReadOnlySpan<byte> value = fields[1..end];
            switch (fields[0])
            {
                case (byte)'S' or (byte)'V': // V is never translated, and comes after S
                    severity = Math.Max(severity, SeverityOf(value));
                    break;
                case (byte)'C':
                    state = CloseReason.PackSqlState(value);
                    break;
                case (byte)'M':
                    phrase = KnownWords.Find(value);
                    break;
            }

            fields = fields[(end + 1)..];
        }

        return state == 0 ? default : new CloseReason(ReasonKind.PostgreSql, phrase, (ushort)severity, state);
    }

    /// <summary>
    /// Reads the last message of a payload if it is a PostgreSQL message that ends the connection: an ErrorResponse with FATAL or PANIC, or the
    /// NoticeResponse of an immediate shutdown or of a crash (SQLSTATE 57P01, 57P02). Rows or the answer to Parse and Bind often come before it in the same
    /// segment. Returns an empty value if there is none, or if the payload is not captured up to its end.
    /// </summary>
    /// <param name="payload">The payload, as far as it was captured.</param>
    /// <param name="length">The bytes of the whole payload.</param>
    public static CloseReason ReadLastPostgreSql(ReadOnlySpan<byte> payload, int length)
    {
        if (payload.Length < length || !payload[..length].EndsWith("\0\0"u8)) // the last field ends, then the list of fields
            return default;
        payload = payload[Math.Max(0, length - LongestNotice)..length];
        int severity = payload.LastIndexOf("VFATAL\0"u8);
        severity = severity < 0 ? payload.LastIndexOf("VPANIC\0"u8) : severity;
        bool isNotice = severity < 0;
        severity = isNotice ? payload.LastIndexOf("VWARNING\0"u8) : severity;
        byte type = isNotice ? (byte)'N' : (byte)'E';
        for (int at = severity - PostgreSqlFieldsAt; at >= Math.Max(0, severity - LongestSeverity); at--)
        {
            if (payload[at] != type || BinaryPrimitives.ReadUInt32BigEndian(payload[(at + 1)..]) != payload.Length - at - 1)
                continue;
            CloseReason reason = ReadFields(payload[(at + PostgreSqlFieldsAt)..]);
            return !isNotice ? reason : EndsAllConnections(reason) ? reason with { Code = Warning } : default;
        }

        return default;
    }

    /// <summary>Returns whether PostgreSQL closes a connection after a warning with this SQLSTATE (quickdie(), src/backend/tcop/postgres.c).</summary>
    private static bool EndsAllConnections(in CloseReason reason) =>
        reason.Detail != 0 && (reason.Detail == CloseReason.PackSqlState("57P01"u8) || reason.Detail == CloseReason.PackSqlState("57P02"u8));

    /// <summary>
    /// Reads a MySQL ERR_Packet: length (3, little-endian), sequence, 0xFF, code (2, little-endian), then '#' and a SQLSTATE, which are missing
    /// before the handshake. Returns an empty value if the packet does not fill the payload.
    /// </summary>
    public static CloseReason ReadMySql(ReadOnlySpan<byte> payload, int length)
    {
        if (payload.Length < MySqlStateAt + 2 || payload[MySqlMarkAt] != MySqlError || length > LongestMySql)
            return default;
        int content = payload[0] | (payload[1] << 8) | (payload[2] << 16);
        int code = BinaryPrimitives.ReadUInt16LittleEndian(payload[(MySqlMarkAt + 1)..]);
        if (content != length - MySqlMarkAt || code < FirstMySqlCode)
            return default;
        bool hasState = payload[MySqlStateAt] == (byte)'#' && payload.Length >= MySqlStateAt + 6;
        uint state = hasState ? CloseReason.PackSqlState(payload.Slice(MySqlStateAt + 1, 5)) : 0;
        return new CloseReason(ReasonKind.MySql, KnownWords.Find(payload[(MySqlStateAt + 1)..]), (ushort)code, state);
    }

    private static int SeverityOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("FATAL"u8) ? 2 : text.SequenceEqual("PANIC"u8) ? 3 : text.SequenceEqual("ERROR"u8) ? 1 : 0;
}
