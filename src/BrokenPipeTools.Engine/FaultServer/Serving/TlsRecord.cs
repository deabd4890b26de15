using System.Buffers.Binary;
using BrokenPipeTools.Wire;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The header of a TLS record (RFC 8446, section 5.1).</summary>
internal static class TlsRecord
{
    /// <summary>The largest payload that is not encrypted.</summary>
    public const int MostBytes = 16 << 10;

    private const int LengthAt = 3;

    /// <summary>Returns whether a record is a handshake message (such as a hello), and not an alert. Bytes of another protocol rarely look like one.</summary>
    public static bool IsHandshake(ReadOnlySpan<byte> record) => record[0] == TlsRecords.Handshake;

    /// <summary>Returns the number of bytes after the header.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[LengthAt..]);
}
