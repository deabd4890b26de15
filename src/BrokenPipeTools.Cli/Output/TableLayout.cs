namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Formats lines of a table within a width. Columns that do not fit are dropped from the right. If a value is longer than its column, the rest of its
/// line moves to the right, and an ellipsis replaces the columns that have no room left. Only a first value that alone is longer than the width is
/// cut, and ends with an ellipsis. A last column of free text is never dropped; the terminal wraps it.
/// </summary>
internal sealed class TableLayout<T>
{
    private const string Ellipsis = "…";
    private const string Omitted = " " + Ellipsis;

    private readonly int _width;
    private readonly TableColumn<T>? _text;

    /// <param name="columns">All columns, the most important first.</param>
    /// <param name="width">In characters, at least 1.</param>
    public TableLayout(IReadOnlyList<TableColumn<T>> columns, int width)
    {
        _width = width;
        _text = columns[^1] is { Width: 0 } text && columns.Count > 1 ? text : null;
        int used = -1;
        Columns = [.. columns.Take(columns.Count - (_text is null ? 0 : 1)).TakeWhile((column, index) => (used += 1 + column.Width) <= width || index == 0)];
    }

    /// <summary>The columns that fit, at least one, without the free text.</summary>
    public IReadOnlyList<TableColumn<T>> Columns { get; }

    /// <summary>Formats a line.</summary>
    /// <param name="value">Returns the text of a cell.</param>
    /// <param name="decorate">Adds characters without width to a cell, such as colors; null for none.</param>
    public string Format(Func<TableColumn<T>, string> value, Func<TableColumn<T>, string, string>? decorate = null)
    {
        string[] cells = [.. Columns.Select(column => column.Pad(value(column)))];
        int shown = CountFitting(cells);
        string omitted = shown < cells.Length ? Omitted : "";
        if (shown == 1)
            (cells[0], omitted) = FitFirst(cells[0], omitted);
        if (_text is null)
            cells[shown - 1] = cells[shown - 1].TrimEnd();
        for (int i = 0; decorate is not null && i < shown; i++)
            cells[i] = decorate(Columns[i], cells[i]);
        string line = string.Join(' ', cells.Take(shown));
        if (omitted.Length > 0)
            line = line.TrimEnd() + omitted;
        return (_text is null ? line : $"{line} {value(_text)}").TrimEnd();
    }

    /// <summary>Returns how many cells a line holds, at least one: all of them, or fewer with room for the ellipsis.</summary>
    private int CountFitting(string[] cells)
    {
        int[] ends = new int[cells.Length];
        for (int i = 0, end = -1; i < cells.Length; i++)
            ends[i] = end += 1 + cells[i].Length;
        if (ends[^1] - cells[^1].Length + cells[^1].TrimEnd().Length <= _width)
            return cells.Length;
        return Math.Max(1, ends.Count(end => end + Omitted.Length <= _width));
    }

    private (string Cell, string Omitted) FitFirst(string cell, string omitted)
    {
        if (cell.Length + omitted.Length <= _width)
            return (cell, omitted);
        string text = cell.Trim();
        if (text.Length + omitted.Length <= _width)
            return (text, omitted);
        int end = Math.Min(text.Length, _width - 1);
        return (text[..(end > 0 && char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + Ellipsis, "");
    }
}
