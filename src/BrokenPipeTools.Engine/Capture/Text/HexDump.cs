using System.Globalization;

namespace BrokenPipeTools.Capture.Text;

/// <summary>
/// The hex dump of one packet as <c>tcpdump -x</c>, <c>-X</c> and <c>-XX</c> print it (<c>0x0010:  4500 003c</c>),
/// or tshark (<c>0010  45 00 00 3c</c>).
/// </summary>
internal sealed class HexDump
{
    private const int BytesPerLine = 16;

    private readonly List<byte> _bytes = [];
    private bool _isBroken;

    /// <summary>The bytes; empty if lines of the dump are missing.</summary>
    public byte[] Bytes => _isBroken ? [] : [.. _bytes];

    /// <summary>Adds a line. Returns false if the line does not belong to a hex dump.</summary>
    public bool TryAdd(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        bool isTcpdump = line.StartsWith("0x", StringComparison.Ordinal);
        if (isTcpdump)
            line = line[2..];
        int digits = CountHex(line);
        if (digits < 4 || digits > 8 || digits == line.Length || (isTcpdump ? line[digits] != ':' : line[digits] != ' '))
            return false;
        if (!int.TryParse(line[..digits], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int offset) || (!isTcpdump && offset % BytesPerLine != 0))
            return false;
        Span<byte> read = stackalloc byte[BytesPerLine];
        int count = ReadBytes(line[(digits + 1)..], read, isTcpdump ? 4 : 2);
        if (count == 0)
            return false;
        if (offset == 0)
        {
            _bytes.Clear(); // the dump begins again: upper layers print their own hex dumps before it
            _isBroken = false;
        }

        _isBroken |= offset != _bytes.Count || _bytes.Count > ushort.MaxValue;
        if (!_isBroken)
            _bytes.AddRange(read[..count]);
        return true;
    }

    /// <summary>
    /// Reads groups of hexadecimal digits, at most <paramref name="width"/> digits each, separated by one space. The text beside them is ignored.
    /// </summary>
    private static int ReadBytes(ReadOnlySpan<char> text, Span<byte> bytes, int width)
    {
        text = text.TrimStart();
        int count = 0;
        while (count < bytes.Length)
        {
            int digits = CountHex(text);
            if (digits == 0 || digits > width || digits % 2 != 0 || (digits < text.Length && text[digits] != ' '))
                break;
            for (int i = 0; i < digits; i += 2)
                bytes[count++] = byte.Parse(text.Slice(i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            bool isLast = digits < width || digits + 1 >= text.Length || text[digits + 1] == ' ';
            if (isLast && !(digits + 2 < text.Length && width == 2 && text[digits + 1] == ' ' && count == BytesPerLine / 2))
                break;
            text = text[digits..].TrimStart();
        }

        return count;
    }

    private static int CountHex(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && char.IsAsciiHexDigit(text[count]))
            count++;
        return count;
    }
}
