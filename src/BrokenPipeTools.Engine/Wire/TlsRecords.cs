using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// The TLS records that begin in a payload (RFC 8446, section 5.1).
/// <code>
///  0      type
///  1..2   version: 3, 1 to 4
///  3..4   length of the rest
/// </code>
/// </summary>
internal static class TlsRecords
{
    public const byte ChangeCipherSpec = 20;
    public const byte Alert = 21;
    public const byte Handshake = 22;
    public const byte ApplicationData = 23;
    public const byte MajorVersion = 3;
    public const int HeaderLength = 5;

    private const int PlainAlertLength = 2;

    /// <summary>A payload with more records than this is neither a handshake nor a close.</summary>
    private const int MaxRecords = 8;

    /// <summary>Reads the alert at the end of a payload. Returns an empty value if its last record is not an alert.</summary>
    public static CloseReason ReadAlert(ReadOnlySpan<byte> payload)
    {
        for (int i = 0; i < MaxRecords && IsHeader(payload); i++)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(payload[3..]);
            int end = HeaderLength + length;
            if (end < payload.Length)
            {
                payload = payload[end..];
                continue;
            }

            if (end > payload.Length || payload[0] != Alert)
                break;
            if (length != PlainAlertLength)
                return new CloseReason(ReasonKind.TlsEncryptedAlert);
            return payload[HeaderLength] is 1 or 2
                ? new CloseReason(ReasonKind.TlsAlert, Code: BinaryPrimitives.ReadUInt16BigEndian(payload[HeaderLength..]))
                : default;
        }

        return default;
    }

    private static bool IsHeader(ReadOnlySpan<byte> payload) =>
        payload.Length >= HeaderLength && payload[0] is >= ChangeCipherSpec and <= ApplicationData && payload[1] == MajorVersion && payload[2] <= 4;
}
