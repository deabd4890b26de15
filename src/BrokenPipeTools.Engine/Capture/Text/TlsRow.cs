namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The TLS record of a row whose segment is exactly one record, such as Encrypted Alert, Application Data, or Alert (Level: Fatal, Description:
/// Handshake Failure).
/// </summary>
internal static class TlsRow
{
    /// <summary>Bytes of a record's header (RFC 8446, section 5.1).</summary>
    public const int HeaderLength = 5;

    /// <summary>Bytes of an unencrypted alert.</summary>
    private const int AlertLength = 2;
    private const byte Alert = 21;
    private const byte ApplicationData = 23;
    private const string Prefix = "Alert (Level: ";

    /// <summary>Wireshark's names of the alerts that end a connection, with their numbers (packet-tls-utils.c).</summary>
    private static readonly (string Name, byte Code)[] Alerts =
    [
        ("Close Notify", 0),
        ("Unexpected Message", 10),
        ("Bad Record MAC", 20),
        ("Decryption Failed", 21),
        ("Record Overflow", 22),
        ("Handshake Failure", 40),
        ("No Certificate", 41),
        ("Bad Certificate", 42),
        ("Unsupported Certificate", 43),
        ("Certificate Revoked", 44),
        ("Certificate Expired", 45),
        ("Certificate Unknown", 46),
        ("Illegal Parameter", 47),
        ("Unknown CA", 48),
        ("Access Denied", 49),
        ("Decode Error", 50),
        ("Decrypt Error", 51),
        ("Protocol Version", 70),
        ("Insufficient Security", 71),
        ("Internal Error", 80),
        ("Inappropriate Fallback", 86),
        ("User Canceled", 90),
        ("No Renegotiation", 100),
        ("Missing Extension", 109),
        ("Unsupported Extension", 110),
        ("Unrecognized Name", 112),
        ("Unknown PSK Identity", 115),
        ("Certificate Required", 116),
        ("No application Protocol", 120),
    ];

    /// <summary>Returns the first bytes of the record; none if the row shows another record, or several.</summary>
    /// <param name="info">The text of the column Info.</param>
    public static byte[] Read(string info)
    {
        info = info.Trim();
        if (info == "Application Data")
            return [ApplicationData, 3, 3, 0, 0];
        if (info == "Encrypted Alert")
            return [Alert, 3, 3, 0, 0];
        if (!info.StartsWith(Prefix, StringComparison.Ordinal) || !info.EndsWith(')') || info.LastIndexOf('(') != Prefix.IndexOf('(', StringComparison.Ordinal))
            return [];
        byte level = info.AsSpan(Prefix.Length).StartsWith("Fatal", StringComparison.Ordinal) ? (byte)2 : (byte)1;
        foreach ((string name, byte code) in Alerts)
        {
            if (info.EndsWith($"Description: {name})", StringComparison.OrdinalIgnoreCase))
                return [Alert, 3, 3, 0, AlertLength, level, code];
        }

        return [];
    }

    /// <summary>Writes the length into the header. Returns no bytes if a segment of that length cannot be the record in the row.</summary>
    public static byte[] WithLength(byte[] record, int length)
    {
        int content = length - HeaderLength;
        bool isPlain = record.Length > HeaderLength;
        if (record.Length == 0 || content is <= 0 or > ushort.MaxValue || (isPlain && content != AlertLength))
            return [];
        byte[] sized = [.. record];
        (sized[3], sized[4]) = ((byte)(content >> 8), (byte)content);
        return sized;
    }
}
