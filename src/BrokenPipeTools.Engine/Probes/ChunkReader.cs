using System.Globalization;

namespace BrokenPipeTools.Probes;

/// <summary>Finds the end of a chunked body (RFC 9112, section 7.1), however its bytes are cut.</summary>
internal sealed class ChunkReader
{
    private readonly List<char> _line = [];
    private long _left; // of the chunk, its line end included
    private bool _last; // the chunk of size 0 was seen: trailers follow, up to an empty line

    /// <summary>Takes more; true where the body is complete.</summary>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_left > 0)
            {
                int skip = (int)Math.Min(_left, bytes.Length - i);
                _left -= skip;
                i += skip - 1;
            }
            else if (bytes[i] != '\n')
            {
                _line.Add((char)bytes[i]);
            }
            else if (EndLine())
            {
                return true;
            }
        }

        return false;
    }

    private bool EndLine()
    {
        string line = new string([.. _line]).Trim();
        _line.Clear();
        if (_last)
            return line.Length == 0;
        string size = line.Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long length) || length < 0)
            return true; // no chunk: what follows cannot be understood
        _last = length == 0;
        _left = _last ? 0 : length + 2;
        return false;
    }
}
