using System.Globalization;
using System.Text;

namespace BrokenPipeTools.Cli;

/// <summary>UTF-8 text under construction; numbers are formatted into it without a string between.</summary>
internal sealed class Utf8Text
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _length;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Clear() => _length = 0;

    public void Append(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void Append(ReadOnlySpan<char> value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    public void Append(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_length));
        _length += utf8.Length;
    }

    public void Append<T>(T value, string? format = null)
        where T : struct, IUtf8SpanFormattable
    {
        const int LongestValue = 64;
        Reserve(LongestValue);
        if (!value.TryFormat(_bytes.AsSpan(_length), out int written, format, CultureInfo.InvariantCulture))
            throw new InvalidOperationException($"a value of {typeof(T).Name} is longer than {LongestValue} bytes");
        _length += written;
    }

    /// <summary>Replaces what was appended from <paramref name="start"/> on.</summary>
    public void Rewrite(int start, Func<string, string> change)
    {
        string changed = change(Encoding.UTF8.GetString(_bytes, start, _length - start));
        _length = start;
        Append(changed);
    }

    private void Reserve(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
