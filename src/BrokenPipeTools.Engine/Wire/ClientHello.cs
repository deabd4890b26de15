using System.Buffers.Binary;

namespace BrokenPipeTools.Wire;

/// <summary>
/// Finds the server's name in a TLS ClientHello (RFC 8446, section 4.1.2; RFC 6066, section 3).
/// <code>
///  0..4    record header
///  5       1: ClientHello      6..8  its length
///  9..10   version            11..42 random
///  43      session id (1 + n), cipher suites (2 + n), compression methods (1 + n), length of the extensions (2)
///          extensions: type (2), length (2); type 0: list length (2), 0 (host name), length (2), name
/// </code>
/// </summary>
internal static class ClientHello
{
    private const int LengthAt = 3;
    private const int RecordHeader = 5;
    private const int TypeAt = 5;
    private const byte ClientHelloType = 1;
    private const int SessionIdAt = 43;
    private const int ServerNameExtension = 0;
    private const int NameAt = 5; // within the extension

    /// <summary>Returns the name in the payload; empty if there is none, or it is not in this payload.</summary>
    /// <param name="payload">The first payload of a client.</param>
    /// <param name="beyond">How many bytes of the next segment belong to an extension that began in this one; -1 if the ClientHello ends in this one.</param>
    public static ReadOnlySpan<byte> FindServerName(ReadOnlySpan<byte> payload, out int beyond)
    {
        beyond = -1;
        if (payload.Length <= SessionIdAt || payload[1] != 3 || payload[TypeAt] != ClientHelloType)
            return default;
        ReadOnlySpan<byte> rest = payload[SessionIdAt..];
        if (!Skip(ref rest, 1) || !Skip(ref rest, 2) || !Skip(ref rest, 1) || rest.Length < 2)
            return default;
        ReadOnlySpan<byte> name = FindInExtensions(rest[2..], out beyond);
        bool goesOn = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(payload[LengthAt..]) > payload.Length;
        beyond = goesOn ? beyond : -1;
        return name;
    }

    /// <summary>
    /// Finds the name, from an extension on. It does not find a name that is split between two segments, or an extension whose first four bytes are
    /// split.
    /// </summary>
    public static ReadOnlySpan<byte> FindInExtensions(ReadOnlySpan<byte> rest, out int beyond)
    {
        beyond = -1;
        while (rest.Length >= 4)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[4..];
            if (length > rest.Length)
            {
                beyond = length - rest.Length;
                return default;
            }

            if (type == ServerNameExtension)
                return ReadName(rest[..length]);
            rest = rest[length..];
        }

        if (rest.IsEmpty)
            beyond = 0;
        return default;
    }

    private static ReadOnlySpan<byte> ReadName(ReadOnlySpan<byte> extension)
    {
        if (extension.Length <= NameAt || extension[2] != 0)
            return default;
        int length = BinaryPrimitives.ReadUInt16BigEndian(extension[3..]);
        return NameAt + length <= extension.Length ? extension.Slice(NameAt, length) : default;
    }

    /// <summary>Skips a field that begins with its length, which has <paramref name="lengthBytes"/> bytes.</summary>
    private static bool Skip(ref ReadOnlySpan<byte> rest, int lengthBytes)
    {
        if (rest.Length < lengthBytes)
            return false;
        int end = lengthBytes + (lengthBytes == 1 ? rest[0] : BinaryPrimitives.ReadUInt16BigEndian(rest));
        if (end > rest.Length)
            return false;
        rest = rest[end..];
        return true;
    }
}
