using System.Buffers.Text;
using System.Globalization;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>Writes times and durations as UTF-8. Remembers the text of the last second, because consecutive times are usually in the same one.</summary>
internal sealed class Utf8Times
{
    /// <summary>The most bytes that a time has: <c>2026-11-21T09:07:00.1234567Z</c>.</summary>
    public const int LongestTime = 28;

    /// <summary>The most bytes that a duration has: more than 15 digits before the decimal point are not possible in 64 bits of nanoseconds.</summary>
    public const int LongestDuration = 32;

    /// <summary>Up to this many nanoseconds, a number of seconds has at most 15 digits, so a double holds all of them.</summary>
    private const long FewDigits = 1_000_000_000_000_000;

    private readonly byte[] _text = new byte[19];
    private long _second = -1;

    /// <summary>Writes a time in .NET's round-trip format "O", and returns its length.</summary>
    /// <param name="time">A UTC time.</param>
    /// <param name="room">At least <see cref="LongestTime"/> bytes.</param>
    public int Write(DateTime time, Span<byte> room)
    {
        (long second, long ticks) = Math.DivRem(time.Ticks, TimeSpan.TicksPerSecond);
        if (second != _second)
        {
            time.TryFormat(_text, out _, "s", CultureInfo.InvariantCulture);
            _second = second;
        }

        _text.CopyTo(room);
        int length = _text.Length + WriteFraction(ticks, TimeSpan.TicksPerSecond, room[_text.Length..]);
        room[length] = (byte)'Z';
        return length + 1;
    }

    /// <summary>Writes the seconds of a duration like <see cref="SecondsText"/>, and returns the length.</summary>
    /// <param name="nanoseconds">The duration.</param>
    /// <param name="room">At least <see cref="LongestDuration"/> bytes.</param>
    public static int Write(long nanoseconds, Span<byte> room)
    {
        if (nanoseconds is >= FewDigits or <= -FewDigits)
            return WriteLong(nanoseconds, room);
        int length = 0;
        if (nanoseconds < 0)
            room[length++] = (byte)'-';
        (long whole, long fraction) = Math.DivRem(Math.Abs(nanoseconds), Nanoseconds.PerSecond);
        if (whole < 10)
        {
            room[length++] = (byte)('0' + whole);
        }
        else
        {
            Utf8Formatter.TryFormat(whole, room[length..], out int digits);
            length += digits;
        }

        if (fraction == 0)
            return length;
        length += WriteFraction(fraction, Nanoseconds.PerSecond, room[length..]);
        while (room[length - 1] == (byte)'0')
            length--;
        return length;
    }

    private static int WriteLong(long nanoseconds, Span<byte> room) =>
        System.Text.Encoding.ASCII.GetBytes(SecondsText.Of(Nanoseconds.ToSeconds(nanoseconds)), room);

    /// <summary>Writes a decimal point and all digits of a fraction, and returns the length.</summary>
    /// <param name="fraction">The fraction, in parts of one; less than <paramref name="parts"/>.</param>
    /// <param name="parts">How many parts one has: a power of ten, at most 10⁹.</param>
    /// <param name="room">Receives the text.</param>
    private static int WriteFraction(long fraction, long parts, Span<byte> room)
    {
        Utf8Formatter.TryFormat((uint)(parts + fraction), room, out int length);
        room[0] = (byte)'.'; // the sum begins with a 1, in front of all digits of the fraction
        return length;
    }
}
