using System.Text;

namespace BrokenPipeTools.Capture.Text;

/// <summary>Converts text in UTF-16, which Windows PowerShell writes with &gt;, to UTF-8.</summary>
internal sealed class Utf16Input : ForwardStream
{
    private const int Block = 8 * 1024;

    private readonly ByteWindow _window;
    private readonly Decoder _decoder;
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private readonly char[] _chars = new char[Block];
    private readonly byte[] _utf8 = new byte[(Block + 2) * 3];
    private int _start;
    private int _end;
    private bool _ended;

    private Utf16Input(ByteWindow window, bool isBigEndian, int mark)
    {
        _window = window;
        _window.Advance(mark);
        _decoder = (isBigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetDecoder();
    }

    /// <summary>Returns the text as UTF-8; null if the bytes do not begin as UTF-16 text does.</summary>
    public static Utf16Input? Find(ByteWindow window)
    {
        ReadOnlySpan<byte> start = window.Bytes;
        return start.Length < 4 ? null : (start[0], start[1], start[2], start[3]) switch
        {
            (0xFF, 0xFE, _, _) => new Utf16Input(window, false, 2),
            (0xFE, 0xFF, _, _) => new Utf16Input(window, true, 2),
            (>= 0x09 and < 0x7F, 0, >= 0x09 and < 0x7F, 0) => new Utf16Input(window, false, 0),
            _ => null,
        };
    }

    public override int Read(Span<byte> buffer)
    {
        while (_start == _end && !_ended)
            Fill();
        int count = Math.Min(buffer.Length, _end - _start);
        _utf8.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _window.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _window.Ensure(1);
        ReadOnlySpan<byte> bytes = _window.Bytes;
        bytes = bytes[..Math.Min(bytes.Length, Block)];
        _ended = bytes.IsEmpty;
        int chars = _decoder.GetChars(bytes, _chars, flush: _ended);
        _window.Advance(bytes.Length);
        (_start, _end) = (0, _encoder.GetBytes(_chars.AsSpan(0, chars), _utf8, flush: _ended));
    }
}
