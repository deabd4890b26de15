using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Builds UTF-8 text. Numbers and times are written into it without an intermediate string.</summary>
internal sealed class Utf8Text : IBufferWriter<byte>
{
    private const int LongestNumber = 32;

    private byte[] _bytes = new byte[64 * 1024];
    private int _length;
    private readonly Utf8Times _times = new();

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Clear() => _length = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_length + sizeHint >= _bytes.Length) // never an empty span, because users of IBufferWriter rely on that
            Grow(sizeHint);
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _length), _bytes.Length - _length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public void Advance(int count) => _length += count;

    public void Append(byte value)
    {
        byte[] bytes = _bytes;
        int at = _length;
        if ((uint)at < (uint)bytes.Length)
        {
            bytes[at] = value;
            _length = at + 1;
            return;
        }

        GetSpan(1)[0] = value;
        _length++;
    }

    public void Append(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty)
            return;

        Span<byte> room = GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        _length += ShortAscii.TryWrite(value, room) ? value.Length : Encoding.UTF8.GetBytes(value, room);
    }

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        _length += utf8.Length;
    }

    /// <summary>
    /// Ends a field of CSV that begins with a quotation mark: doubles the other quotation marks in it, or removes the first one if the field needs none
    /// (RFC 4180, section 2).
    /// </summary>
    /// <param name="start">The place of the first quotation mark.</param>
    public void EndQuotes(int start)
    {
        const byte Mark = (byte)'"';
        Span<byte> field = _bytes.AsSpan(start + 1, _length - start - 1);
        if (!CsvField.NeedsQuotes(field))
        {
            field.CopyTo(_bytes.AsSpan(start));
            _length--;
            return;
        }

        int marks = field.Count(Mark);
        GetSpan(marks + 1);
        int to = _length + marks;
        for (int from = _length - 1; marks > 0; from--) // begins at the end, so that nothing is overwritten before it is moved
        {
            byte moved = _bytes[from];
            _bytes[--to] = moved;
            if (moved != Mark)
                continue;
            _bytes[--to] = Mark;
            _length++;
            marks--;
        }

        Append(Mark);
    }

    /// <summary>Replaces the last byte.</summary>
    public void ReplaceLast(byte value) => _bytes[_length - 1] = value;

    public void Append(long value)
    {
        if ((ulong)value < 10) // half of the numbers in a record are
        {
            Append((byte)('0' + value));
            return;
        }

        Utf8Formatter.TryFormat(value, GetSpan(LongestNumber), out int written);
        _length += written;
    }

    /// <summary>Appends the number; nothing if it is null.</summary>
    public void Append(long? value)
    {
        if (value is { } number)
            Append(number);
    }

    /// <inheritdoc cref="AppendSeconds(double)"/>
    public void AppendSeconds(double? seconds)
    {
        if (seconds is { } number)
            AppendSeconds(number);
    }

    /// <summary>Appends <see cref="SecondsText"/>; with a faster method if the number has whole nanoseconds and at most 15 digits, as nearly all have.</summary>
    public void AppendSeconds(double seconds)
    {
        double rounded = Math.Round(seconds * Nanoseconds.PerSecond);
        if (Math.Abs(rounded) >= 1e15 || rounded / Nanoseconds.PerSecond != seconds)
            Append(SecondsText.Of(seconds));
        else
            _length += Utf8Times.Write((long)rounded, GetSpan(Utf8Times.LongestDuration));
    }

    /// <summary>Appends a time in .NET's round-trip format "O": 2026-11-21T09:07:00.1234567Z.</summary>
    public void AppendTime(DateTime time) => _length += _times.Write(time, GetSpan(Utf8Times.LongestTime));

    /// <summary>Replaces the text from <paramref name="start"/> on.</summary>
    public void Rewrite(int start, Func<string, string> change)
    {
        string changed = change(Encoding.UTF8.GetString(_bytes, start, _length - start));
        _length = start;
        Append(changed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int room) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room + 1));
}
