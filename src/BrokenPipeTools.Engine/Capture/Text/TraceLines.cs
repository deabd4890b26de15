using System.Text;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Splits the bytes of a text into lines. A line has at most <see cref="MaxLength"/> bytes; the rest of a longer one is skipped.</summary>
internal sealed class TraceLines(CaptureInput input)
{
    /// <summary>The most bytes of a line. No line of a packet needs more; the text of an upper layer after it is cut.</summary>
    public const int MaxLength = 16 * 1024;

    private bool _isInsideLine; // the beginning of the line was returned, and the rest must be skipped

    /// <summary>The number of lines that were read so far.</summary>
    public long Count { get; private set; }

    /// <summary>Reads the next line, without its end. Returns false at the end of the text.</summary>
    /// <exception cref="CaptureFormatException">The text is in a damaged compressed file.</exception>
    public bool TryRead(out string line)
    {
        while (TryFind(out int length, out int end))
        {
            bool isRest = _isInsideLine;
            _isInsideLine = end == 0; // no end within MaxLength
            line = isRest ? "" : Encoding.UTF8.GetString(input.Window.Bytes[..length]).TrimEnd('\r');
            input.Window.Advance(length + end);
            if (isRest)
                continue;
            Count++;
            return true;
        }

        line = "";
        return false;
    }

    /// <summary>Finds the end of the next line, and reads only as much as needed for that. Returns false if there is no further line.</summary>
    private bool TryFind(out int length, out int end)
    {
        int searched = 0;
        for (; ; )
        {
            ReadOnlySpan<byte> bytes = input.Window.Bytes;
            int at = bytes[searched..].IndexOf((byte)'\n');
            if (at >= 0 && searched + at <= MaxLength)
            {
                (length, end) = (searched + at, 1);
                return true;
            }

            searched = bytes.Length;
            if (searched >= MaxLength)
            {
                (length, end) = (MaxLength, 0);
                return true;
            }

            if (!input.Ensure(searched + 1))
            {
                (length, end) = (searched, 0);
                return searched > 0;
            }
        }
    }
}
