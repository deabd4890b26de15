using System.Runtime.CompilerServices;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Reads from the first bytes of a segment's payload the server name that a client requests, and the reason that a side states before it closes. A
/// payload is examined only if its first byte may begin a known protocol; the examination ends at a length field that does not fit.
/// </summary>
internal static class PayloadReader
{
    /// <summary>The fewest bytes: a TLS alert has 7, a WebSocket Close frame has 4.</summary>
    private const int Shortest = 4;

    private const int MySqlMarkAt = 4;
    private const byte MySqlMark = 0xFF;

    /// <summary>The first bytes of payloads that may contain a name or reason; one of ten random payloads begins with such a byte.</summary>
    private static readonly bool[] FirstBytes = [.. Enumerable.Range(0, 256).Select(b =>
        b is 0 or (>= TlsRecords.ChangeCipherSpec and <= TlsRecords.ApplicationData) or WebSocketClose.FirstByte || "HGPDOCTEN-*1245".Contains((char)b, StringComparison.Ordinal))];

    /// <summary>Returns whether a payload may contain a name or reason. For most payloads it is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayHoldWords(ReadOnlySpan<byte> payload) =>
        payload.Length > MySqlMarkAt ? FirstBytes[payload[0]] | payload[MySqlMarkAt] == MySqlMark : payload.Length == Shortest;

    /// <summary>Reads the payload of a segment, and sets its <see cref="Segment.Reason"/> and <see cref="Segment.TextAt"/>.</summary>
    /// <param name="payload">The payload, as far as it was captured.</param>
    /// <param name="s">The segment.</param>
    /// <param name="texts">Stores the server's name, and the text of a RST.</param>
    /// <param name="hellos">Stores that a ClientHello continues in the next segment.</param>
    /// <param name="heads">Stores that the head of a response continues in the next segment.</param>
    public static void Read(ReadOnlySpan<byte> payload, ref Segment s, PayloadTexts texts, HelloRests hellos, HeadRests heads)
    {
        if (payload.Length < Shortest)
            return;
        if (s.Has(TcpFlags.Rst))
        {
            ReadReset(payload, ref s, texts);
            return;
        }

        switch (payload[0])
        {
            case TlsRecords.ChangeCipherSpec or TlsRecords.Alert or TlsRecords.Handshake or TlsRecords.ApplicationData when payload[1] == TlsRecords.MajorVersion:
                s.Reason = TlsRecords.ReadAlert(payload);
                s.IsTlsClosureAlert = TlsClosureAlert.Is(payload, s.PayloadLength);
                s.IsShortTls = TlsClosureAlert.IsShort(payload, s.PayloadLength);
                if (payload[0] == TlsRecords.Handshake)
                    ReadHello(payload, ref s, texts, hellos);
                break;
            case (byte)'H' when payload[1] == (byte)'T':
                ReadResponse(payload, before: 0, payload.Length == s.PayloadLength, ref s, heads);
                break;
            case (byte)'G' or (byte)'P' or (byte)'H' or (byte)'D' or (byte)'O' or (byte)'C' or (byte)'T':
                s.TextAt = texts.AddHostName(HttpHead.FindHost(payload));
                if (s.TextAt != 0)
                    s.Request = HttpHead.KindOf(payload);
                else
                    s.Reason = DatabaseError.ReadLastPostgreSql(payload, s.PayloadLength);
                break;
            case (byte)'1':
                s.Reason = DatabaseError.ReadLastPostgreSql(payload, s.PayloadLength);
                break;
            default:
                s.Reason = ReadError(payload, s.PayloadLength);
                break;
        }
    }

    /// <summary>Reads a segment that is the rest of a ClientHello, whose next extension begins after <paramref name="beyond"/> bytes.</summary>
    public static void ReadRest(ReadOnlySpan<byte> payload, int beyond, ref Segment s, PayloadTexts texts, HelloRests hellos)
    {
        int more = beyond - payload.Length;
        if (more <= 0)
            s.TextAt = texts.AddHostName(ClientHello.FindInExtensions(payload[beyond..], out more));
        s.IsHelloRest = true;
        if (s.TextAt == 0 && payload.Length == s.PayloadLength)
            hellos.Expect(s, more);
    }

    /// <summary>Reads a segment with the rest of the head of a response that began in the segment before.</summary>
    public static void ReadHeadRest(ReadOnlySpan<byte> begun, ReadOnlySpan<byte> payload, ref Segment s, HeadRests heads)
    {
        byte[] joined = [.. begun, .. payload];
        s.IsHeadRest = true;
        ReadResponse(joined, begun.Length, payload.Length == s.PayloadLength, ref s, heads);
    }

    /// <summary>Reads a response.</summary>
    /// <param name="response">The response, as far as it was captured, from the begin of its head to the end of the segment.</param>
    /// <param name="before">The bytes of the head that came in earlier segments.</param>
    /// <param name="isWhole">Whether the segment was not cut.</param>
    /// <param name="s">The segment.</param>
    /// <param name="heads">Stores that the head continues in the next segment.</param>
    private static void ReadResponse(ReadOnlySpan<byte> response, int before, bool isWhole, ref Segment s, HeadRests heads)
    {
        s.Reason = HttpHead.ReadStatus(response);
        if (s.Reason.Kind == ReasonKind.Http && HttpHead.TryReadBody(response, out int head, out int body))
        {
            (s.ResponseHeadLength, s.ResponseBodyLength) = ((ushort)(head - before), body);
        }
        else if (isWhole && HttpHead.IsBegun(response))
        {
            s.HeadContinues = true;
            heads.Expect(s, response);
        }
    }

    private static void ReadHello(ReadOnlySpan<byte> payload, ref Segment s, PayloadTexts texts, HelloRests hellos)
    {
        s.TextAt = texts.AddHostName(ClientHello.FindServerName(payload, out int beyond));
        if (s.TextAt == 0 && payload.Length == s.PayloadLength) // otherwise it was cut by the snapshot length
            hellos.Expect(s, beyond);
    }

    private static void ReadReset(ReadOnlySpan<byte> payload, ref Segment s, PayloadTexts texts)
    {
        s.TextAt = texts.AddText(payload);
        if (s.TextAt != 0)
            s.Reason = new CloseReason(ReasonKind.ResetText);
    }

    private static CloseReason ReadError(ReadOnlySpan<byte> payload, int length)
    {
        CloseReason reason = payload[0] switch
        {
            0 => Http2Frames.ReadGoAway(payload),
            (byte)'E' or (byte)'N' => ReadErrorOrNotice(payload, length),
            (byte)'-' => RedisError.Read(payload),
            (byte)'*' => ReplyLine.ReadImapBye(payload),
            (byte)'2' when payload[1] == 0 => DatabaseError.ReadLastPostgreSql(payload, length), // BindComplete
            (byte)'2' or (byte)'4' or (byte)'5' => ReplyLine.ReadReply(payload, length),
            WebSocketClose.FirstByte => WebSocketClose.Read(payload, length),
            _ => default,
        };
        return reason.Kind == ReasonKind.None ? DatabaseError.ReadMySql(payload, length) : reason;
    }

    /// <summary>Reads an error of PostgreSQL, a notice of it, or the refusal of sshd.</summary>
    private static CloseReason ReadErrorOrNotice(ReadOnlySpan<byte> payload, int length) =>
        DatabaseError.ReadLastPostgreSql(payload, length) is { Kind: not ReasonKind.None } last ? last
            : DatabaseError.ReadPostgreSql(payload) is { Kind: not ReasonKind.None } error ? error
            : ReplyLine.ReadSsh(payload);
}
