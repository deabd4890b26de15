using System.Globalization;
using System.Text;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The parts of an HTTP/1.x request's head that decide whether the connection stays open (RFC 9112).</summary>
internal sealed record HttpHead(string Method, bool KeepAlive, long ContentLength, bool Chunked, bool ExpectsContinue)
{
    /// <summary>Whether the Content-Length is not a usable number, so that the end of the body is not known (RFC 9112, section 6.3).</summary>
    public bool IsDamaged { get; private init; }

    /// <summary>The methods of RFC 9110, section 9, and PATCH (RFC 5789), each with the space after it.</summary>
    private static readonly byte[][] Methods =
    [
        .. new[] { "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH " }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Returns whether the bytes can be the beginning of a request: they begin with a known method or a part of one.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> received)
    {
        foreach (byte[] method in Methods)
        {
            int common = Math.Min(method.Length, received.Length);
            if (received[..common].SequenceEqual(method.AsSpan(0, common)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Returns the end of the head, after its empty line; -1 if it is not complete. Bare line feeds are accepted too (RFC 9112, section 2.2).
    /// </summary>
    public static int EndOf(ReadOnlySpan<byte> received)
    {
        int strict = received.IndexOf("\n\r\n"u8);
        int bare = received.IndexOf("\n\n"u8);
        return (strict, bare) switch
        {
            (-1, -1) => -1,
            (-1, _) => bare + 2,
            (_, -1) => strict + 3,
            _ => strict < bare ? strict + 3 : bare + 2,
        };
    }

    /// <summary>Reads a complete head.</summary>
    public static HttpHead Parse(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.ASCII.GetString(head).Split('\n', StringSplitOptions.TrimEntries);
        bool persistent = lines[0].EndsWith("HTTP/1.1", StringComparison.Ordinal);
        HttpHead parsed = new(lines[0][..lines[0].IndexOf(' ', StringComparison.Ordinal)], persistent, 0, Chunked: false, ExpectsContinue: false);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                parsed = parsed.With(line[..colon].ToUpperInvariant(), line[(colon + 1)..].Trim());
        }

        return parsed with { ExpectsContinue = parsed.ExpectsContinue && persistent }; // ignored in HTTP/1.0 (RFC 9110, section 10.1.1)
    }

    private HttpHead With(string name, string value) => name switch
    {
        "CONTENT-LENGTH" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? this with { ContentLength = length } : this with { IsDamaged = true },
        "TRANSFER-ENCODING" => this with { Chunked = value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase) },
        "EXPECT" => this with { ExpectsContinue = value.Equals("100-continue", StringComparison.OrdinalIgnoreCase) },
        "CONNECTION" => this with { KeepAlive = Persists(value) },
        _ => this,
    };

    private bool Persists(string connection) =>
        !connection.Contains("close", StringComparison.OrdinalIgnoreCase) && (KeepAlive || connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase));
}
