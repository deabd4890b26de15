using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Writes one line per connection as soon as it is known, so the columns have fixed widths. The most important columns come first, because a narrow
/// terminal loses the last ones: 80 columns all after Cause, 120 all after Sequence. A file or a pipe gets all columns.
/// </summary>
/// <param name="output">The output stream.</param>
/// <param name="width">The width of the terminal in columns.</param>
/// <param name="colors">Whether states are colored.</param>
internal sealed class TableRecordWriter(Stream output, int width, bool colors) : RecordWriter(output)
{
    private static readonly TableColumn<ConnectionClose>[] Columns =
    [
        new("Stream", 6, r => r.Stream.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Client", 16, r => r.ClientEndpoint.ToString()),
        new("Server", 15, r => r.ServerEndpoint.ToString()),
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

    private readonly TableLayout<ConnectionClose> _layout = Layout(width);
    private string? _path;

    /// <summary>Creates a writer for the terminal of standard output, or for a file or a pipe.</summary>
    public TableRecordWriter(Stream output)
        : this(output, Terminal.WidthOfOutput(), Terminal.OfOutput().ShowsColors)
    {
    }

    protected override void Write(ConnectionClose record)
    {
        if (record.Path != _path)
            WriteHead(record.Path);
        string? color = colors ? Color(record.State) : null;
        WriteLine(_layout.Format(
            column => DisplayText.Of(column.Value(record)),
            (column, cell) => color is not null && column.Title == "State" ? $"{color}{cell}\e[0m" : cell));
    }

    private void WriteHead(string path)
    {
        Text.Append(_path is null ? "" : "\n");
        _path = path;
        Text.Append(DisplayText.Of(path));
        Text.Append("\n"u8);
        WriteLine(_layout.Format(column => column.Title));
    }

    private void WriteLine(string line)
    {
        Text.Append(line);
        Text.Append((byte)'\n');
    }

    internal static TableLayout<ConnectionClose> Layout(int width) => new(Columns, width);

    private static string? Color(CloseState state) => state switch
    {
        CloseState.Reset or CloseState.Refused or CloseState.TimedOut or CloseState.Unanswered => "\e[31m",
        CloseState.HalfClosed or CloseState.Evicted => "\e[33m",
        CloseState.Graceful => "\e[32m",
        _ => null,
    };
}
