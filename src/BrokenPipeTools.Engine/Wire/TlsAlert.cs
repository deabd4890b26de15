using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Whether a segment carries one TLS alert and nothing else: at the end of a connection that is close_notify (RFC 8446, section
/// 6.1). From TLS 1.3 on an alert is encrypted like application data, and told by its length alone.
/// <code>
///  0      type: 21 alert, 23 application data
///  1..2   version: 3, 1 to 4
///  3..4   length of what follows
/// </code>
/// </summary>
internal static class TlsAlert
{
    public const int Shortest = HeaderLength + AlertLength;

    /// <summary>An alert under any cipher in use is shorter.</summary>
    public const int Longest = 64;

    private const int HeaderLength = 5;
    private const int AlertLength = 2;
    private const byte Alert = 21;
    private const byte ApplicationData = 23;
    private const int EncryptedAlertLength = 19; // 2 of alert, 1 of type, 16 of tag

    public static bool Is(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is < Shortest or > Longest || payload[1] != 3 || payload[2] > 4)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
        return length == payload.Length - HeaderLength && (payload[0] == Alert || (payload[0] == ApplicationData && length == EncryptedAlertLength));
    }
}
