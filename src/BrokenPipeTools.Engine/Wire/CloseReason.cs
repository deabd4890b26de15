namespace BrokenPipeTools.Wire;

/// <summary>
/// The unencrypted reason that a side sends before it closes, as numbers in 8 bytes; it contains no text of the payload.
/// </summary>
/// <param name="Kind">The protocol.</param>
/// <param name="Phrase">The meaning of its text.</param>
/// <param name="Code">See <see cref="ReasonKind"/>.</param>
/// <param name="Detail">See <see cref="ReasonKind"/>.</param>
internal readonly record struct CloseReason(ReasonKind Kind, ReasonPhrase Phrase = ReasonPhrase.None, ushort Code = 0, uint Detail = 0)
{
    private const int FirstErrorStatus = 400;
    private const uint ConnectionClose = 1;
    private const int IdleLimitShift = 1;

    /// <summary>The longest idle limit that is kept, in seconds: a year and more means that there is none.</summary>
    public const int LongestIdleLimit = 366 * 24 * 3600;

    /// <summary>Makes the reason of an HTTP/1 response.</summary>
    /// <param name="status">The status.</param>
    /// <param name="announcesClose">Whether the response has <c>Connection: close</c>.</param>
    /// <param name="idleLimit">The seconds in <c>Keep-Alive: timeout=</c>; 0 for none.</param>
    public static CloseReason OfHttp(int status, bool announcesClose, int idleLimit) =>
        new(ReasonKind.Http, Code: (ushort)status, Detail: (announcesClose ? ConnectionClose : 0) | (uint)idleLimit << IdleLimitShift);

    /// <summary>Whether an HTTP response has <c>Connection: close</c>.</summary>
    public bool HasConnectionClose => Kind == ReasonKind.Http && (Detail & ConnectionClose) != 0;

    /// <summary>The seconds after which the sender closes an idle connection, as an HTTP response states it; 0 if it does not.</summary>
    public int IdleLimit => Kind == ReasonKind.Http ? (int)(Detail >> IdleLimitShift) : 0;

    /// <summary>Whether the payload contains nothing but the reason. True for all kinds except the head of a successful HTTP response.</summary>
    public bool IsClosingMessage => Kind != ReasonKind.None && !(Kind == ReasonKind.Http && Code < FirstErrorStatus);

    /// <summary>Packs a SQLSTATE of five digits or capital letters. Returns 0 for anything else.</summary>
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

        return packed + 1; // 00000 is a valid state, too
    }

    /// <summary>Returns the SQLSTATE that <see cref="PackSqlState"/> packed.</summary>
    public static string UnpackSqlState(uint packed) => string.Create(SqlStateLength, packed - 1, static (text, rest) =>
    {
        for (int i = SqlStateLength - 1; i >= 0; i--, rest /= 36)
            text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(rest % 36)];
    });

    private const int SqlStateLength = 5;
}
