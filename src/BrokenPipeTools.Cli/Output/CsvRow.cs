using System.Buffers.Text;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// A row of CSV (RFC 4180) that is written field by field, each with the comma behind it. Fields of bounded length are written into room that is
/// there for several of them, because asking for room takes longer than writing a number.
/// </summary>
internal ref struct CsvRow
{
    /// <summary>The most bytes of a field of bounded length, with its comma.</summary>
    private const int LongestField = 64;

    private readonly Utf8Text _text;
    private readonly Utf8Times _times;
    private Span<byte> _room;
    private int _length;
    private int _quotedFrom;

    /// <param name="text">Receives the row.</param>
    /// <param name="times">Formats the times.</param>
    public CsvRow(Utf8Text text, Utf8Times times)
    {
        _text = text;
        _times = times;
    }

    /// <summary>Returns the text, for a field that another class writes. Call <see cref="EndField"/> after it.</summary>
    public Utf8Text OpenField()
    {
        _text.Advance(_length);
        _room = default;
        _length = 0;
        return _text;
    }

    /// <summary>Ends a field that was begun with <see cref="OpenField"/> and needs no quotation marks.</summary>
    public void EndField() => Name([]);

    /// <summary>Returns the text, for a field that probably needs quotation marks. Call <see cref="EndQuoted"/> after it.</summary>
    public Utf8Text OpenQuoted()
    {
        _quotedFrom = OpenField().Length;
        _text.Append((byte)'"');
        return _text;
    }

    /// <summary>Ends a field that was begun with <see cref="OpenQuoted"/>, without quotation marks if it needs none.</summary>
    public void EndQuoted()
    {
        _text.EndQuotes(_quotedFrom);
        EndField();
    }

    /// <summary>Writes a number.</summary>
    public void Number(long value)
    {
        Span<byte> room = Room();
        int length = 1;
        if ((ulong)value < 10) // half of the numbers in a record are
            room[0] = (byte)('0' + value);
        else
            Utf8Formatter.TryFormat(value, room, out length);
        End(room, length);
    }

    /// <summary>Writes a number; nothing if it is null.</summary>
    public void Number(long? value)
    {
        if (value is { } number)
            Number(number);
        else
            Name([]);
    }

    /// <summary>Writes a number of nanoseconds as seconds; nothing if it is null.</summary>
    public void Seconds(long? nanoseconds)
    {
        Span<byte> room = Room();
        End(room, nanoseconds is { } known ? Utf8Times.Write(known, room) : 0);
    }

    /// <summary>Writes a UTC time.</summary>
    public void Time(DateTime time)
    {
        Span<byte> room = Room();
        End(room, _times.Write(time, room));
    }

    /// <summary>Writes a short name that needs no quotation marks.</summary>
    public void Name(ReadOnlySpan<byte> utf8)
    {
        Span<byte> room = Room();
        utf8.CopyTo(room);
        End(room, utf8.Length);
    }

    /// <summary>Writes a short name of ASCII letters and digits.</summary>
    public void Name(string ascii)
    {
        Span<byte> room = Room();
        ShortAscii.TryWrite(ascii, room);
        End(room, ascii.Length);
    }

    /// <summary>Writes any text.</summary>
    public void Any(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
        {
            OpenQuoted().Append(text);
            _text.EndQuotes(_quotedFrom);
        }

        EndField();
    }

    /// <summary>Ends the row.</summary>
    public void End() => OpenField().ReplaceLast((byte)'\n');

    private readonly Span<byte> Free => _room[_length..];

    private Span<byte> Room()
    {
        Span<byte> room = Free;
        return room.Length >= LongestField ? room : MoreRoom();
    }

    private Span<byte> MoreRoom()
    {
        _room = OpenField().GetSpan(LongestField);
        return _room;
    }

    private void End(Span<byte> room, int length)
    {
        room[length] = (byte)',';
        _length += length + 1;
    }
}
