namespace BrokenPipeTools.Wire;

/// <summary>A Redis error (RESP: '-', a word in capital letters, a text, CR LF). POP3 errors look the same: -ERR.</summary>
internal static class RedisError
{
    /// <summary>The known words; their index is the code.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["ERR", "NOAUTH", "WRONGPASS", "NOPERM", "DENIED", "LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "READONLY", "OOM", "MISCONF", "NOREPLICAS", "NOPROTO", "EXECABORT"];

    private const int LongestWord = 12;

    /// <summary>Reads an error. Returns an empty value if its first word is not one of <see cref="Words"/>.</summary>
    public static CloseReason Read(ReadOnlySpan<byte> payload)
    {
        int line = payload.IndexOf((byte)'\r');
        if (line < 0)
            return default;
        ReadOnlySpan<byte> text = payload[1..line];
        int end = text[..Math.Min(text.Length, LongestWord)].IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? text : text[..end];
        for (int i = 0; i < Words.Count; i++)
        {
            if (System.Text.Ascii.Equals(word, Words[i]))
                return new CloseReason(ReasonKind.Redis, KnownWords.Find(text), (ushort)i);
        }

        return default;
    }
}
