namespace BrokenPipeTools.Diagnosis.Text;

/// <summary>A time as part of a sentence, for example " 1.2 s later". It becomes text only in the sentence, so it needs no string of its own.</summary>
/// <param name="Before">The text before the time.</param>
/// <param name="Seconds">The time; null if the phrase contains none.</param>
/// <param name="After">The text after the time.</param>
internal readonly record struct TimePhrase(string Before, double? Seconds = null, string After = "")
{
    /// <summary>Seconds. A shorter time is not worth a number.</summary>
    private const double Shortest = 0.0005;

    /// <summary>Seconds. Above this, a tenth of a millisecond is below the capture's precision.</summary>
    private const double FewMilliseconds = 0.00995;

    /// <summary>A value that rounds to 1,000 ms is written as one second.</summary>
    private const double WholeSecond = 0.9995;

    /// <summary>Makes a phrase without a time.</summary>
    public static implicit operator TimePhrase(string text) => new(text);

    /// <summary>Returns whether a time is too short to be mentioned.</summary>
    public static bool IsNoTime(double seconds) => seconds < Shortest;

    /// <summary>Appends the phrase to a message.</summary>
    public void AppendTo(ref Utf8Message message)
    {
        message.AppendLiteral(Before);
        if (Seconds is { } seconds)
            AppendTime(ref message, seconds);
        message.AppendLiteral(After);
    }

    /// <summary>Returns the phrase as a string.</summary>
    public override string ToString()
    {
        Utf8Message message = new(0, 1);
        AppendTo(ref message);
        return message.ToString();
    }

    /// <summary>Appends a time in a form that people can compare: less than 0.5 ms, 0.5 ms, 200 ms, 1.2 s, 350.2 s.</summary>
    private static void AppendTime(ref Utf8Message message, double seconds)
    {
        if (IsNoTime(seconds))
        {
            message.AppendLiteral("less than 0.5 ms");
            return;
        }

        bool isShort = seconds < WholeSecond;
        int unit = isShort ? (seconds < FewMilliseconds ? 10 : 1) : seconds < 100 ? 100 : 10;
        AppendRounded(ref message, isShort ? seconds * 1000 : seconds, unit);
        message.AppendLiteral(isShort ? " ms" : " s");
    }

    /// <summary>Appends a number rounded to 1/<paramref name="unit"/>, without trailing zeros. A half is rounded up, as in .NET's custom formats.</summary>
    private static void AppendRounded(ref Utf8Message message, double number, int unit)
    {
        (long whole, long part) = Math.DivRem((long)decimal.Round((decimal)number * unit, MidpointRounding.AwayFromZero), unit);
        message.AppendFormatted(whole);
        if (part == 0)
            return;
        message.AppendLiteral(".");
        for (; part != 0; part %= unit)
        {
            unit /= 10;
            message.AppendFormatted(part / unit);
        }
    }
}
