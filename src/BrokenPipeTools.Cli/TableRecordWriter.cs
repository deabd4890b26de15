using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// One line per connection, written as soon as it is known: so the columns have fixed widths, and a longer value pushes the rest of
/// its line to the right. Columns in the order in which they are wanted: a narrow terminal loses the last ones, 80 columns all
/// after Cause, 120 all after Sequence; a file or a pipe gets all. No value is cut: a line that is longer than the terminal is wide
/// ends with an ellipsis in place of its last columns.
/// </summary>
/// <param name="output">Gets the text.</param>
/// <param name="width">Columns of the terminal.</param>
/// <param name="colors">Whether states have a color.</param>
internal sealed class TableRecordWriter(Stream output, int width, bool colors) : RecordWriter(output)
{
    private static readonly TableColumn<ConnectionClose>[] Columns =
    [
        new("Stream", 6, r => r.Stream.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Client", 16, r => Endpoint.Describe(r.ClientAddress, r.ClientPort)),
        new("Server", 15, r => Endpoint.Describe(r.ServerAddress, r.ServerPort)),
        new("State", 10, r => EnumNames.Of(r.State)),
        new("ClosedBy", 8, r => EnumNames.Of(r.ClosedBy)),
        new("Cause", 19, r => EnumNames.Of(r.Cause)),
        new("Idle", 8, r => r.IdleBeforeClose?.ToString("0.000", CultureInfo.InvariantCulture) ?? "", Right: true),
        new("Sequence", 30, r => r.Sequence),
        new("Confidence", 10, r => EnumNames.Of(r.Confidence)),
        new("Packets", 7, r => r.Packets.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Seconds", 9, r => r.Duration.ToString("0.000", CultureInfo.InvariantCulture), Right: true),
        new("Sent", 9, r => r.ClientBytes.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Received", 9, r => r.ServerBytes.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Start", 15, r => r.StartTime.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
    ];

    private const string Omitted = " …";

    private readonly TableColumn<ConnectionClose>[] _shown = Fitting(width);
    private string? _path;

    /// <summary>Creates a writer for the terminal behind standard output, or for a file or a pipe.</summary>
    public TableRecordWriter(Stream output)
        : this(output, Console.IsOutputRedirected ? int.MaxValue : Terminal.Width(), Terminal.OfOutput().ShowsColors)
    {
    }

    public override void Write(ConnectionClose record)
    {
        if (record.Path != _path)
            WriteHead(record.Path);
        WriteLine(column => DisplayText.Of(column.Value(record)), colors ? Color(record.State) : null);
    }

    private void WriteHead(string path)
    {
        Text.Append(_path is null ? "" : "\n");
        _path = path;
        Text.Append(DisplayText.Of(path));
        Text.Append("\n"u8);
        WriteLine(column => column.Title, stateColor: null);
    }

    private void WriteLine(Func<TableColumn<ConnectionClose>, string> value, string? stateColor)
    {
        string[] cells = [.. _shown.Select(column => column.Pad(value(column)))];
        int shown = CountFitting(cells);
        if (stateColor is not null && Array.FindIndex(_shown, column => column.Title == "State") is var state && state < shown)
            cells[state] = $"{stateColor}{cells[state]}\e[0m";
        Text.Append(string.Join(' ', cells.Take(shown)).TrimEnd());
        Text.Append(shown < cells.Length ? Omitted : "");
        Text.Append((byte)'\n');
    }

    /// <summary>Returns how many cells a line holds, at least one: all of them, or fewer with room for the ellipsis.</summary>
    private int CountFitting(string[] cells)
    {
        int[] ends = new int[cells.Length];
        for (int i = 0, end = -1; i < cells.Length; i++)
            ends[i] = end += 1 + cells[i].Length;
        if (ends[^1] - cells[^1].Length + cells[^1].TrimEnd().Length <= width)
            return cells.Length;
        return Math.Max(1, ends.Count(end => end + Omitted.Length <= width));
    }

    /// <summary>As many of the first columns as a line of this width holds, but one at least.</summary>
    internal static TableColumn<ConnectionClose>[] Fitting(int width)
    {
        int used = -1;
        return [.. Columns.TakeWhile((column, index) => (used += 1 + column.Width) <= width || index == 0)];
    }

    private static string? Color(CloseState state) => state switch
    {
        CloseState.Reset or CloseState.Refused or CloseState.TimedOut or CloseState.Unanswered => "\e[31m",
        CloseState.HalfClosed or CloseState.Evicted => "\e[33m",
        CloseState.Graceful => "\e[32m",
        _ => null,
    };
}
