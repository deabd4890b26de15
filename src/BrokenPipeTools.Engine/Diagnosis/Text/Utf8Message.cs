using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>
/// A text that is written in UTF-8 directly. If a method returns it, the compiler builds a rule's interpolated string in this type, so a million
/// explanations are written to a file without a string for each. Made once and used once, with <see cref="MoveTo"/> or <see cref="ToString"/>; then
/// its memory is reused.
/// </summary>
[InterpolatedStringHandler]
internal ref struct Utf8Message
{
    /// <summary>The initial size in bytes, enough for most explanations.</summary>
    private const int Usual = 512;

    private const int LongestNumber = 20; // the characters of -9223372036854775808

    private byte[] _room;
    private int _length;

    /// <summary>Called by the compiler: the number of literal characters, and how many values are inserted between them.</summary>
    public Utf8Message(int literalLength, int formattedCount) => _room = ArrayPool<byte>.Shared.Rent(Math.Max(Usual, literalLength + (formattedCount * LongestNumber)));

    /// <summary>
    /// Wraps an existing text. If an interpolated string is an arm of a conditional or switch expression, the compiler makes it a string first,
    /// unless the first arm is cast to this type.
    /// </summary>
    public static implicit operator Utf8Message(string text)
    {
        Utf8Message prose = new(text.Length, 0);
        prose.AppendLiteral(text);
        return prose;
    }

    public void AppendLiteral(string text)
    {
        if (text.Length > 0)
            _length += ShortAscii.TryWrite(text, _room.AsSpan(_length)) ? text.Length : AppendAny(text);
    }

    public void AppendFormatted(string text) => AppendLiteral(text);

    public void AppendFormatted(long number)
    {
        int written;
        while (!Utf8Formatter.TryFormat(number, _room.AsSpan(_length), out written))
            Grow(LongestNumber);
        _length += written;
    }

    public void AppendFormatted(TimePhrase phrase) => phrase.AppendTo(ref this);

    public void AppendFormatted(Utf8Message text)
    {
        if (_room.Length - _length < text._length)
            Grow(text._length);
        text._room.AsSpan(0, text._length).CopyTo(_room.AsSpan(_length));
        _length += text._length;
        text.Free();
    }

    /// <summary>Writes the text, and releases the memory.</summary>
    public void MoveTo(IBufferWriter<byte> output)
    {
        _room.AsSpan(0, _length).CopyTo(output.GetSpan(_length));
        output.Advance(_length);
        Free();
    }

    /// <summary>Returns the message as a string.</summary>
    public override string ToString()
    {
        string text = Encoding.UTF8.GetString(_room, 0, _length);
        Free();
        return text;
    }

    /// <summary>Appends a text that has letters outside ASCII (a product's name may), or that is longer than the free room.</summary>
    private int AppendAny(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (_room.Length - _length < length)
            Grow(length);
        return Encoding.UTF8.GetBytes(text, _room.AsSpan(_length));
    }

    private void Grow(int more)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_room.Length * 2, _length + more));
        _room.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_room);
        _room = larger;
    }

    private void Free()
    {
        ArrayPool<byte>.Shared.Return(_room);
        _room = [];
        _length = 0;
    }
}
