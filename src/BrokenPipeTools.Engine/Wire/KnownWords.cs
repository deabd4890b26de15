namespace BrokenPipeTools.Wire;

/// <summary>Finds the meaning of a free text by known words.</summary>
internal static class KnownWords
{
    /// <summary>The words are searched in this many bytes at the begin.</summary>
    private const int Longest = 160;

    /// <summary>Returns the meaning of a text, or an empty value if it contains no known word.</summary>
    public static ReasonPhrase Find(ReadOnlySpan<byte> text)
    {
        Span<byte> lower = stackalloc byte[Longest];
        if (text.Length > Longest)
            text = text[..Longest];
        for (int i = 0; i < text.Length; i++)
            lower[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        ReadOnlySpan<byte> words = lower[..text.Length];
        return IsTooMany(words) ? ReasonPhrase.TooMany
            : IsTimedOut(words) ? ReasonPhrase.TimedOut
            : Has(words, "shutting down"u8) || Has(words, "shutdown"u8) || Has(words, "going down"u8) || Has(words, "restart"u8) ? ReasonPhrase.ShuttingDown
            : Has(words, "auth"u8) || Has(words, "password"u8) || Has(words, "log in"u8) || Has(words, "login"u8) ? ReasonPhrase.Authentication
            : Has(words, "not allowed"u8) || Has(words, "denied"u8) || Has(words, "protected mode"u8) || Has(words, "banned"u8) || Has(words, "blocked"u8) ? ReasonPhrase.NotAllowed
            : ReasonPhrase.None;
    }

    private static bool IsTooMany(ReadOnlySpan<byte> words) =>
        (Has(words, "too many"u8) && !Has(words, "auth"u8) && !Has(words, "error"u8) && !Has(words, "command"u8) && !Has(words, "recipient"u8))
        || Has(words, "max number of clients"u8) || Has(words, "max_client"u8) || Has(words, "maxclients"u8) || Has(words, "maximum number of conn"u8)
        || Has(words, "connection limit"u8) || Has(words, "maxstartups"u8) || Has(words, "no more connections"u8);

    private static bool IsTimedOut(ReadOnlySpan<byte> words) =>
        Has(words, "timeout"u8) || Has(words, "timed out"u8) || Has(words, "time-out"u8) || Has(words, "time out"u8) || Has(words, "inactiv"u8)
        || Has(words, "autologout"u8) || Has(words, "idle for"u8) || Has(words, "idle too"u8);

    private static bool Has(ReadOnlySpan<byte> words, ReadOnlySpan<byte> word) => words.IndexOf(word) >= 0;
}
