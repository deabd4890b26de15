using System.Globalization;

namespace BrokenPipeTools.Diagnosis.Timers;

/// <summary>The columns of a table of timers. They may be in any order; Source is optional.</summary>
internal sealed class TimerColumns
{
    /// <summary>The first line of a table with the columns in their usual order.</summary>
    public const string Header = "Seconds,Mode,Closer,Product,Source";

    /// <summary>The shortest time-out in seconds. A shorter pause is not a silence.</summary>
    public const double Shortest = 1;

    private const double Longest = 365 * 86_400;
    private const int LongestText = 200;

    private static readonly string[] Known = Header.Split(',');

    private readonly List<string> _names;

    /// <param name="names">The fields of the table's first line.</param>
    /// <exception cref="FormatException">A column is unknown, missing or repeated.</exception>
    public TimerColumns(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(name => Known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new FormatException($"unknown column '{name}'; valid: {Header}"))];
        if (_names.Distinct().Count() < _names.Count)
            throw new FormatException($"a column occurs twice; valid: {Header}");
        if (Known.FirstOrDefault(k => k != nameof(KnownTimer.Source) && !_names.Contains(k)) is { } missing)
            throw new FormatException($"column {missing} is missing; the columns are {Header}");
    }

    /// <summary>Reads the timer of a row.</summary>
    /// <exception cref="FormatException">A field is not valid for its column.</exception>
    public KnownTimer Read(IReadOnlyList<string> fields)
    {
        if (fields.Count != _names.Count)
            throw new FormatException($"{fields.Count} fields for {_names.Count} columns; put a field that has a comma in quotation marks");
        string product = Field(fields, nameof(KnownTimer.Product));
        return new KnownTimer(
            Seconds(Field(fields, nameof(KnownTimer.Seconds))),
            Word<TimerMode>(Field(fields, nameof(KnownTimer.Mode)), nameof(KnownTimer.Mode)),
            Word<TimerCloser>(Field(fields, nameof(KnownTimer.Closer)), nameof(KnownTimer.Closer)),
            product.Length is > 0 and <= LongestText ? product : throw new FormatException($"Product must have 1 to {LongestText} characters"),
            Field(fields, nameof(KnownTimer.Source)));
    }

    private string Field(IReadOnlyList<string> fields, string column) => _names.IndexOf(column) is >= 0 and var at ? fields[at] : "";

    private static double Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= Shortest and <= Longest
            ? seconds
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Seconds must be a number from {Shortest} to {Longest}, not '{text}'"));

    private static T Word<T>(string text, string column)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : throw new FormatException($"{column} must be one of {string.Join(", ", Enum.GetNames<T>())}, not '{text}'");
}
