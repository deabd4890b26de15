using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Recognizes a payload that is exactly one TLS record which may be a closure alert: an alert, which at the end of a connection is close_notify (RFC
/// 8446, section 6.1), or application data of its length, because TLS 1.3 encrypts an alert.
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

    /// <summary>2 bytes of alert, 1 of type and 16 of tag are 19; some stacks add padding.</summary>
    private const int LongestEncryptedAlert = 24;

    /// <summary>An encrypted HTTP/2 GOAWAY without debug data has 39 to 46 bytes.</summary>
    private const int LongestShort = 64;

    /// <summary>Returns whether a payload is exactly one short record of application data.</summary>
    public static bool IsShort(ReadOnlySpan<byte> captured, int length) =>
        length <= LongestShort && captured.Length >= HeaderLength && captured[0] == ApplicationData && captured[1] == 3
        && BinaryPrimitives.ReadUInt16BigEndian(captured[3..]) == length - HeaderLength;

    /// <summary>Returns whether a payload is exactly one TLS record that may be a closure alert. Its first 5 bytes are enough.</summary>
    /// <param name="captured">The captured part of the payload.</param>
    /// <param name="length">Its length on the wire.</param>
    public static bool Is(ReadOnlySpan<byte> captured, int length)
    {
        if (length is < Shortest or > Longest || captured.Length < HeaderLength || captured[1] != 3 || captured[2] > 4)
            return false;
        int content = BinaryPrimitives.ReadUInt16BigEndian(captured[3..]);
        return content == length - HeaderLength && (captured[0] == Alert || (captured[0] == ApplicationData && content <= LongestEncryptedAlert));
    }
}
