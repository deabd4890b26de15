using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>Reads the error messages of PostgreSQL and MySQL.</summary>
internal static class DatabaseError
{
    private const int PostgreSqlFieldsAt = 5;
    private const int LongestPostgreSql = 16_384;
    private const int MySqlMarkAt = 4;
    private const int MySqlStateAt = 7;
    private const byte MySqlError = 0xFF;
    private const int FirstMySqlCode = 1000;
    private const int LongestMySql = 1024;

    /// <summary>The severities of an ErrorResponse; their index is the code.</summary>
    public static IReadOnlyList<string> Severities { get; } = ["", "ERROR", "FATAL", "PANIC"];

    /// <summary>
    /// Reads a PostgreSQL ErrorResponse: 'E', length (4), then fields, each a letter and a text that ends with 0; a 0 ends the list. Returns an empty
    /// value if it is not one with a SQLSTATE.
    /// </summary>
    public static CloseReason ReadPostgreSql(ReadOnlySpan<byte> payload)
    {
        if (payload[0] != (byte)'E' || payload.Length < PostgreSqlFieldsAt + 2 || BinaryPrimitives.ReadUInt32BigEndian(payload[1..]) is < 8 or > LongestPostgreSql)
            return default;
        ReadOnlySpan<byte> fields = payload[PostgreSqlFieldsAt..];
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
