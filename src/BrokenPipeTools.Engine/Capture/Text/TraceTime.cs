using System.Globalization;

namespace BrokenPipeTools.Capture.Text;

/// <summary>A printed time.</summary>
/// <param name="Form">The form in which the time is printed.</param>
/// <param name="Nanoseconds">The time in nanoseconds since the start of its form.</param>
/// <param name="Digits">Digits after the decimal point.</param>
internal readonly record struct TraceTime(TraceTimeForm Form, long Nanoseconds, int Digits)
{
    private const long Second = Primitives.Nanoseconds.PerSecond;
    private const int MaxDigits = 9;

    /// <summary>Seconds since 1970. A smaller number is a time since the first packet.</summary>
    private const long FirstAbsolute = 100_000_000;
    private const long LastAbsolute = 9_000_000_000;

    /// <summary>Reads a time at the beginning of a text. Returns how many characters it has; 0 if there is no time.</summary>
    public static int Read(ReadOnlySpan<char> text, out TraceTime time)
    {
        int date = ReadDate(text, out long day);
        if (date > 0)
        {
            int length = ReadOfDay(text[date..], out time);
            time = new TraceTime(TraceTimeForm.Absolute, day + time.Nanoseconds, time.Digits);
            return length == 0 ? 0 : date + length + ZoneLength(text[(date + length)..]);
        }

        bool isNegative = text.Length > 0 && text[0] == '-'; // a difference is negative if packets are out of order
        int read = ReadOfDay(isNegative ? text[1..] : text, out time);
        if (read == 0)
            return ReadSeconds(text, out time);
        time = time with { Nanoseconds = isNegative ? -time.Nanoseconds : time.Nanoseconds };
        return isNegative ? read + 1 : read;
    }

    /// <summary>Reads a date such as 2024-05-01 , also with a T or slashes.</summary>
    private static int ReadDate(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 12 || text[4] is not ('-' or '/') || text[7] != text[4] || text[10] is not (' ' or 'T'))
            return 0;
        if (!TryNumber(text[..4], out long year) || !TryNumber(text[5..7], out long month) || !TryNumber(text[8..10], out long day))
            return 0;
        if (year is < 1970 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month))
            return 0;
        nanoseconds = Primitives.Nanoseconds.Since1970(new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Utc));
        return 11;
    }

    /// <summary>Reads a time of day such as 12:00:01.000123. A comma is also accepted as the decimal point.</summary>
    private static int ReadOfDay(ReadOnlySpan<char> text, out TraceTime time)
    {
        time = default;
        if (text.Length < 8 || text[2] != ':' || text[5] != ':')
            return 0;
        if (!TryNumber(text[..2], out long hours) || !TryNumber(text[3..5], out long minutes) || !TryNumber(text[6..8], out long seconds) || minutes > 59 || seconds > 60)
            return 0;
        int fraction = ReadFraction(text[8..], out long nanoseconds);
        if (!IsEnd(text[(8 + fraction)..]))
            return 0;
        time = new TraceTime(TraceTimeForm.OfDay, ((((hours * 60) + minutes) * 60) + seconds) * Second + nanoseconds, Math.Max(fraction - 1, 0));
        return 8 + fraction;
    }

    /// <summary>Reads seconds such as 0.000123 or 1714557601.000123. Whole seconds are not accepted as a time.</summary>
    private static int ReadSeconds(ReadOnlySpan<char> text, out TraceTime time)
    {
        time = default;
        int sign = text.Length > 0 && text[0] == '-' ? 1 : 0;
        int digits = sign;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
            digits++;
        if (digits == sign || digits > 10 + sign || !TryNumber(text[sign..digits], out long seconds) || seconds > LastAbsolute)
            return 0;
        int fraction = ReadFraction(text[digits..], out long nanoseconds);
        if (fraction == 0 || !IsEnd(text[(digits + fraction)..]))
            return 0;
        TraceTimeForm form = seconds >= FirstAbsolute && sign == 0 ? TraceTimeForm.Absolute : TraceTimeForm.Seconds;
        time = new TraceTime(form, ((seconds * Second) + nanoseconds) * (sign == 0 ? 1 : -1), fraction - 1);
        return digits + fraction;
    }

    private static int ReadFraction(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < 2 || text[0] is not ('.' or ',') || !char.IsAsciiDigit(text[1]))
            return 0;
        int length = 1;
        for (; length < text.Length && char.IsAsciiDigit(text[length]); length++)
        {
            if (length <= MaxDigits)
                nanoseconds = (nanoseconds * 10) + (text[length] - '0');
        }

        for (int digits = length - 1; digits < MaxDigits; digits++)
            nanoseconds *= 10;
        return length;
    }

    private static int ZoneLength(ReadOnlySpan<char> text)
    {
        if (text.Length > 0 && text[0] == 'Z')
            return 1;
        return text.Length >= 5 && text[0] is '+' or '-' && TryNumber(text[1..5], out _) ? 5 : 0;
    }

    private static bool IsEnd(ReadOnlySpan<char> rest) => rest.Length == 0 || rest[0] is ' ' or '\t' or 'Z' or '+' or '-' or '"';

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
