using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// A WebSocket Close frame that fills the payload (RFC 6455, section 5.5.1).
/// <code>
///  0      0x88: FIN, opcode 8
///  1      mask bit, length of the rest: 2 to 125
///  2..5   mask, from a client only
///         status code (2), text
/// </code>
/// </summary>
internal static class WebSocketClose
{
    public const byte FirstByte = 0x88;

    private const byte MaskBit = 0x80;
    private const int MaskLength = 4;

    /// <summary>Reads the status code. Returns an empty value if the payload is not a Close frame with a status code.</summary>
    public static CloseReason Read(ReadOnlySpan<byte> payload, int length)
    {
        bool isMasked = (payload[1] & MaskBit) != 0;
        int content = payload[1] & ~MaskBit;
        int at = 2 + (isMasked ? MaskLength : 0);
        if (content is < 2 or > 125 || length != at + content || payload.Length < at + 2)
            return default;
        int code = BinaryPrimitives.ReadUInt16BigEndian(payload[at..]);
        if (isMasked)
            code ^= BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        return code is >= 1000 and < 5000 ? new CloseReason(ReasonKind.WebSocketClose, Code: (ushort)code) : default;
    }
}
