using System.Text;

namespace BrokenPipeTools.Wire;

/// <summary>Reads the last lines of servers with text protocols: SMTP, FTP and NNTP replies, IMAP BYE, sshd.</summary>
internal static class ReplyLine
{
    private const int Longest = 2048;
    private const int TextAt = 4;
    private const int ServiceClosing = 221;

    /// <summary>
    /// Reads the last reply: three digits, a space or a hyphen, text, CR LF at the end. A server may send the answer to a command and the reason to
    /// close together. Returns an empty value if the reply is not 221, 4xx or 5xx.
    /// </summary>
    /// <param name="payload">The payload, as far as it was captured.</param>
    /// <param name="length">Its length on the wire.</param>
    public static CloseReason ReadReply(ReadOnlySpan<byte> payload, int length)
    {
        bool isLine = length <= Longest && (payload.Length < length || payload.EndsWith(EndOfLine));
        if (!isLine || !IsReply(payload))
            return default;
        ReadOnlySpan<byte> last = payload.Length < length ? payload : LastLine(payload);
        if (IsReply(last) && !last[..3].SequenceEqual(payload[..3]))
            payload = last;
        int code = ((payload[0] - '0') * 100) + ((payload[1] - '0') * 10) + payload[2] - '0';
        return code is ServiceClosing or >= 400
            ? new CloseReason(ReasonKind.Reply, KnownWords.Find(payload[TextAt..]), (ushort)code)
            : default;
    }

    private static ReadOnlySpan<byte> EndOfLine => "\r\n"u8;

    private static ReadOnlySpan<byte> LastLine(ReadOnlySpan<byte> payload) =>
        payload[..^EndOfLine.Length].LastIndexOf(EndOfLine) is >= 0 and var before ? payload[(before + EndOfLine.Length)..] : payload;

    private static bool IsReply(ReadOnlySpan<byte> line) =>
        line.Length > TextAt && line[3] is (byte)' ' or (byte)'-' && !line[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Reads IMAP's "* BYE". Returns an empty value for anything else.</summary>
    public static CloseReason ReadImapBye(ReadOnlySpan<byte> payload) =>
        payload.Length >= 6 && Ascii.EqualsIgnoreCase(payload[..5], "* BYE"u8) && payload[5] is (byte)' ' or (byte)'\r'
            ? new CloseReason(ReasonKind.ImapBye, KnownWords.Find(payload[5..]))
            : default;

    /// <summary>Reads the line that OpenSSH's sshd sends in place of its identification. Returns an empty value for anything else.</summary>
    public static CloseReason ReadSsh(ReadOnlySpan<byte> payload) =>
        payload.StartsWith("Exceeded MaxStartups"u8) ? new CloseReason(ReasonKind.Ssh, ReasonPhrase.TooMany)
        : payload.StartsWith("Not allowed at this time"u8) ? new CloseReason(ReasonKind.Ssh, ReasonPhrase.NotAllowed)
        : default;
}
