using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Reads the unencrypted HTTP/2 frames that begin in a payload (RFC 9113, section 4.1).
/// <code>
///  0..2   length of the rest      3  type      4  flags      5..8  stream
///  GOAWAY: 9..12 last stream      13..16 error code      17..  debug data
/// </code>
/// </summary>
internal static class Http2Frames
{
    private const int HeaderLength = 9;
    private const byte GoAway = 7;
    private const byte LastType = 9;
    private const int MaxFrames = 8;
    private const int DebugData = 17;

    /// <summary>Reads the GOAWAY among the frames of a payload. Returns an empty value if there is none.</summary>
    public static CloseReason ReadGoAway(ReadOnlySpan<byte> payload)
    {
        for (int i = 0; i < MaxFrames && payload.Length >= HeaderLength && payload[3] <= LastType; i++)
        {
            int length = (payload[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(payload[1..]);
            if (HeaderLength + length > payload.Length)
                break;
            bool isGoAway = payload[3] == GoAway && length >= 8 && BinaryPrimitives.ReadUInt32BigEndian(payload[5..]) == 0;
            if (isGoAway)
                return new CloseReason(ReasonKind.Http2GoAway, PhraseOf(payload[DebugData..(HeaderLength + length)]), Detail: BinaryPrimitives.ReadUInt32BigEndian(payload[13..]));
            payload = payload[(HeaderLength + length)..];
        }

        return default;
    }

    /// <summary>
    /// Returns the meaning of the debug data. gRPC states its idle limit (max_connection_idle) only there: as "max_idle" with NO_ERROR (grpc-go), or
    /// as "enter idle" with INTERNAL_ERROR (gRPC Core).
    /// </summary>
    private static ReasonPhrase PhraseOf(ReadOnlySpan<byte> data) =>
        data.SequenceEqual("max_idle"u8) || data.SequenceEqual("enter idle"u8) ? ReasonPhrase.TimedOut : ReasonPhrase.None;
}
