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
    private long _cachedSecond = -1;
    private string? _again;
    private byte[] _againUtf8 = [];
    private readonly byte[] _cachedText = new byte[19];

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

        // Nearly all values are short and ASCII.
        Span<byte> room = GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        if (Ascii.FromUtf16(value, room, out int written) != OperationStatus.Done)
            written = Encoding.UTF8.GetBytes(value, room);
        _length += written;
    }

    /// <summary>Appends a text that is probably the same as in the previous call of this method.</summary>
    public void AppendAgain(string value)
    {
        if (!ReferenceEquals(value, _again))
            (_again, _againUtf8) = (value, Encoding.UTF8.GetBytes(value));
        Append(_againUtf8);
    }

    public void Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(GetSpan(utf8.Length));
        _length += utf8.Length;
    }

    /// <summary>Puts the text from <paramref name="start"/> on into quotation marks and doubles the quotation marks in it (RFC 4180, section 2).</summary>
    public void Quote(int start)
    {
        const byte Mark = (byte)'"';
        int length = _length - start;
        int marks = _bytes.AsSpan(start, length).Count(Mark);
        GetSpan(marks + 2);
        Span<byte> field = _bytes.AsSpan(start, length + marks + 2);
        int to = field.Length - 1;
        field[to--] = Mark;
        for (int from = length - 1; marks > 0; from--)
        {
            // begins at the end, so that nothing is overwritten before it is moved
            field[to--] = field[from];
            if (field[from] != Mark)
                continue;
            field[to--] = Mark;
            marks--;
        }

        field[..to].CopyTo(field[1..]);
        field[0] = Mark;
        _length = start + field.Length;
    }

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
        {
            Append(SecondsText.Of(seconds));
            return;
        }

        long nanoseconds = (long)rounded;
        if (nanoseconds < 0)
            Append((byte)'-');
        (long whole, long fraction) = Math.DivRem(Math.Abs(nanoseconds), Nanoseconds.PerSecond);
        Append(whole);
        if (fraction == 0)
            return;
        long unit = Nanoseconds.PerSecond;
        for (; fraction % 10 == 0; fraction /= 10)
            unit /= 10;
        AppendFraction(fraction, unit);
    }

    /// <summary>Appends a time in .NET's round-trip format "O": 2026-11-21T09:07:00.1234567Z.</summary>
    public void AppendTime(DateTime time)
    {
        (long second, long ticks) = Math.DivRem(time.Ticks, TimeSpan.TicksPerSecond);
        if (second != _cachedSecond)
        {
            time.TryFormat(_cachedText, out _, "s", System.Globalization.CultureInfo.InvariantCulture);
            _cachedSecond = second;
        }

        Append(_cachedText);
        AppendFraction(ticks, TimeSpan.TicksPerSecond);
        Append((byte)'Z');
    }

    /// <summary>Replaces the text from <paramref name="start"/> on.</summary>
    public void Rewrite(int start, Func<string, string> change)
    {
        string changed = change(Encoding.UTF8.GetString(_bytes, start, _length - start));
        _length = start;
        Append(changed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int room) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room + 1));

    /// <summary>Appends a decimal point and the digits of a fraction, with its leading zeros.</summary>
    /// <param name="fraction">The fraction, in parts of one; less than <paramref name="parts"/>.</param>
    /// <param name="parts">How many parts one has: a power of ten.</param>
    private void AppendFraction(long fraction, long parts)
    {
        Span<byte> room = GetSpan(LongestNumber);
        Utf8Formatter.TryFormat(parts + fraction, room, out int written);
        room[0] = (byte)'.'; // the sum begins with a 1, in front of all digits of the fraction
        _length += written;
    }
}
