using System.Buffers.Text;
using System.Text;

namespace BrokenPipeTools.Wire;

/// <summary>Reads the head of an HTTP/1 message (RFC 9112) in the first segment.</summary>
internal static class HttpHead
{
    private const int StatusAt = 9; // after "HTTP/1.1 "
    private const int StatusEnd = StatusAt + 3;
    private const int LongestMethod = 8; // "OPTIONS "
    private const int SwitchingProtocols = 101;

    /// <summary>Bytes. Nothing is read beyond this.</summary>
    public const int Longest = 4096;

    /// <summary>A value in place of the length of a body: the body consists of chunks, each with its length.</summary>
    public const int Chunked = -1;

    private static ReadOnlySpan<byte> EmptyLine => "\r\n\r\n"u8;

    /// <summary>Reads the status of a response. Returns an empty value if it is not a response.</summary>
    public static CloseReason ReadStatus(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < StatusEnd || !payload.StartsWith("HTTP/1."u8))
            return default;
        ReadOnlySpan<byte> digits = payload.Slice(StatusAt, 3);
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || digits[0] is < (byte)'1' or > (byte)'5')
            return default;
        int status = ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';
        ReadOnlySpan<byte> head = Head(payload);
        CloseReason reason = CloseReason.OfHttp(status, IsConnectionClose(head), ReadIdleLimit(head));
        return status == SwitchingProtocols && (head.IndexOf("ec-WebSocket-Accept:"u8) >= 0 || head.IndexOf("ec-websocket-accept:"u8) >= 0)
            ? reason with { Phrase = ReasonPhrase.WebSocket }
            : reason;
    }

    /// <summary>
    /// Reads where the body of a response begins and how many bytes it has (RFC 9112, section 6.3). Returns false if the head does not state it: it does not
    /// end in this payload, or the body lasts until the connection is closed.
    /// </summary>
    /// <param name="payload">The payload, beginning with the head.</param>
    /// <param name="headLength">The bytes of the head, with the empty line.</param>
    /// <param name="bodyLength">The bytes of the body; <see cref="Chunked"/> if the body itself shows its end.</param>
    public static bool TryReadBody(ReadOnlySpan<byte> payload, out int headLength, out int bodyLength)
    {
        ReadOnlySpan<byte> head = Head(payload);
        headLength = head.Length + 2;
        bodyLength = 0;
        if (payload.Length < headLength || !payload[..headLength].EndsWith(EmptyLine))
            return false;
        ReadOnlySpan<byte> coding = Any(head, "ransfer-Encoding:"u8, "ransfer-encoding:"u8);
        if (!coding.IsEmpty)
        {
            bodyLength = Chunked;
            return coding.EndsWith("chunked"u8) && !HoldsMoreThanChunks(payload[headLength..]);
        }

        ReadOnlySpan<byte> length = Any(head, "ontent-Length:"u8, "ontent-length:"u8);
        return Utf8Parser.TryParse(length, out bodyLength, out int digits) && digits == length.Length && bodyLength > 0;
    }

    /// <summary>Returns whether a payload is the first part of the head of a response, which continues in the next segment.</summary>
    public static bool IsBegun(ReadOnlySpan<byte> payload) =>
        payload.Length < Longest && payload.StartsWith("HTTP/1."u8) && (payload.Length < StatusEnd || ReadStatus(payload).Kind == ReasonKind.Http)
        && payload.IndexOf("\n\r\n"u8) < 0 && payload.IndexOf("\n\n"u8) < 0; // some programs end their lines with LF only (RFC 9112, section 2.2)

    /// <summary>
    /// Returns whether a payload may be the end of a chunked body: the last chunk, and the trailers after it, end with an empty line (RFC 9112, section
    /// 7.1). A shorter payload may be the end of that line.
    /// </summary>
    public static bool MayEndChunks(ReadOnlySpan<byte> payload) =>
        payload.Length < EmptyLine.Length || (payload.EndsWith(EmptyLine) && !payload.EndsWith("\r\n\r\n\r\n"u8)); // three line ends: the chunk itself ends with an empty line

    /// <summary>Returns whether another message follows the last chunk in the same payload.</summary>
    private static bool HoldsMoreThanChunks(ReadOnlySpan<byte> body) => body.IndexOf("\r\n0\r\n\r\nHTTP/1."u8) >= 0;

    /// <summary>Returns the kind of a request, whose head begins the payload.</summary>
    public static HttpRequest KindOf(ReadOnlySpan<byte> payload)
    {
        int end = payload.IndexOf(EmptyLine) + EmptyLine.Length;
        bool isAlone = payload[0] == (byte)'P' || end < EmptyLine.Length || end == payload.Length; // POST, PUT and PATCH have a body
        return !isAlone ? HttpRequest.Several
            : payload[0] == (byte)'H' ? HttpRequest.OnlyHead
            : payload[0] == (byte)'C' ? HttpRequest.Tunnel
            : HttpRequest.Body;
    }

    /// <summary>Returns the value of a request's Host field, or the target of CONNECT; empty if it is not a request, or has none.</summary>
    public static ReadOnlySpan<byte> FindHost(ReadOnlySpan<byte> payload)
    {
        int method = payload[..Math.Min(payload.Length, LongestMethod)].IndexOf((byte)' ') + 1;
        if (method == 0 || !IsMethod(payload[..method]))
            return default;
        ReadOnlySpan<byte> head = Head(payload);
        int line = head.IndexOf((byte)'\n');
        if (line < 0 || head[..line].IndexOf(" HTTP/1."u8) is not (> 0 and var version))
            return default;
        if (payload[0] == (byte)'C')
            return version > method ? head[method..version] : default;
        return Field(head[line..], "ost:"u8);
    }

    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > Longest)
            payload = payload[..Longest];
        int end = payload.IndexOf(EmptyLine);
        return end < 0 ? payload : payload[..(end + 2)];
    }

    private static bool IsConnectionClose(ReadOnlySpan<byte> head) => Ascii.EqualsIgnoreCase(Field(head, "onnection:"u8), "close"u8);

    /// <summary>
    /// Returns the seconds after which the server closes an idle connection, from <c>Keep-Alive: timeout=5, max=100</c> (RFC 2068, section 19.7.1.1,
    /// as servers still send it); 0 if the head does not have it.
    /// </summary>
    private static int ReadIdleLimit(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> value = Any(head, "eep-Alive:"u8, "eep-alive:"u8);
        int at = value.IndexOf("timeout="u8);
        return at >= 0 && Utf8Parser.TryParse(value[(at + "timeout="u8.Length)..], out int seconds, out _) ? Math.Clamp(seconds, 0, CloseReason.LongestIdleLimit) : 0;
    }

    /// <summary>Finds a field by one of two spellings of its name without the first letter.</summary>
    private static ReadOnlySpan<byte> Any(ReadOnlySpan<byte> head, ReadOnlySpan<byte> usual, ReadOnlySpan<byte> lower) =>
        Field(head, usual) is { IsEmpty: false } value ? value : Field(head, lower);

    /// <summary>Finds a field by its name without the first letter, which may be upper or lower case; the rest of a name hardly ever varies.</summary>
    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (int from = 0; head[from..].IndexOf(name) is >= 0 and var at; from += at + name.Length)
        {
            int start = from + at;
            bool isField = start >= 2 && head[start - 2] == (byte)'\n' && (head[start - 1] | 0x20) is 'h' or 'c' or 'k' or 't';
            if (!isField)
                continue;
            ReadOnlySpan<byte> value = head[(start + name.Length)..];
            int end = value.IndexOf((byte)'\r');
            return end < 0 ? default : value[..end].Trim(" \t"u8); // a value that is cut is not used
        }

        return default;
    }

    private static bool IsMethod(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("GET "u8) || word.SequenceEqual("POST "u8) || word.SequenceEqual("PUT "u8) || word.SequenceEqual("HEAD "u8)
        || word.SequenceEqual("DELETE "u8) || word.SequenceEqual("PATCH "u8) || word.SequenceEqual("OPTIONS "u8) || word.SequenceEqual("CONNECT "u8)
        || word.SequenceEqual("TRACE "u8);
}
