using System.Globalization;

namespace BrokenPipeTools.Cli;

/// <summary>A column of any kind of record: its name, as CSV and JSON have it, and how to get its value.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="Value">A number, text, time, enum, Boolean or null; only JSON can hold more than that.</param>
/// <param name="Width">Its width in the table; 0 leaves it out there.</param>
/// <param name="Title">Its heading in the table, where that is another.</param>
internal sealed record RowColumn<T>(string Name, Func<T, object?> Value, int Width = 0, string? Title = null)
{
    /// <summary>In the table, what a person wants to read, where that is not the value.</summary>
    public Func<T, string>? Shown { get; init; }

    /// <summary>Numbers stand at the right.</summary>
    public bool Right { get; init; }

    /// <summary>The value as text, the same in every culture.</summary>
    public string Text(T record) => Value(record) switch
    {
        null => "",
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => value.ToString() ?? "",
    };

    /// <summary>What stands in the table.</summary>
    public string Cell(T record) => OneLine(Shown?.Invoke(record) ?? Text(record));

    /// <summary>What stands in the list.</summary>
    public string Line(T record) => OneLine(Text(record));

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
