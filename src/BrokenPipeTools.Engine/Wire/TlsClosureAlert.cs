using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Recognizes a payload that is one TLS record as a side sends it last: an alert, which at the end of a connection is close_notify
/// (RFC 8446, section 6.1). TLS 1.3 encrypts an alert as application data; only its length shows it then.
/// <code>
///  0      type: 21 alert, 23 application data
///  1..2   version: 3, 1 to 4
///  3..4   length of the rest
/// </code>
/// </summary>
internal static class TlsClosureAlert
{
    /// <summary>Payload bytes: a record header, and at least one byte of content.</summary>
    public const int Shortest = HeaderLength + 1;

    /// <summary>Payload bytes. An alert under any cipher suite in use is shorter.</summary>
    public const int Longest = 128;

    private const int HeaderLength = 5;
    private const byte Alert = 21;
    private const byte ApplicationData = 23;

    /// <summary>2 bytes of alert, 1 of type, 16 of tag are 19; some stacks pad.</summary>
    private const int LongestEncryptedAlert = 24;

    /// <summary>An encrypted HTTP/2 GOAWAY without debug data has 39 to 46 bytes.</summary>
    private const int LongestShort = 64;

    /// <summary>Whether a payload is one short record of application data and nothing else.</summary>
    public static bool IsShort(ReadOnlySpan<byte> captured, int length) =>
        length <= LongestShort && captured.Length >= HeaderLength && captured[0] == ApplicationData && captured[1] == 3
        && BinaryPrimitives.ReadUInt16BigEndian(captured[3..]) == length - HeaderLength;

    /// <summary>Whether a payload is one such record and nothing else. Its first 5 bytes are enough.</summary>
    /// <param name="captured">The payload, as far as it was captured.</param>
    /// <param name="length">Its length on the wire.</param>
    public static bool Is(ReadOnlySpan<byte> captured, int length)
    {
        if (length is < Shortest or > Longest || captured.Length < HeaderLength || captured[1] != 3 || captured[2] > 4)
            return false;
        int content = BinaryPrimitives.ReadUInt16BigEndian(captured[3..]);
        return content == length - HeaderLength && (captured[0] == Alert || (captured[0] == ApplicationData && content <= LongestEncryptedAlert));
    }
}
