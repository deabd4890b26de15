using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// A line a connection, written as soon as it is known: so the columns have fixed widths, and a longer value pushes the rest of
/// its line to the right. Columns in the order in which they are wanted: a narrow terminal loses the last ones, 80 columns all
/// after Cause, 120 all after Sequence; a file or a pipe gets all.
/// </summary>
internal sealed class TableRecordWriter(Stream output) : RecordWriter(output)
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

    private readonly TableColumn<ConnectionClose>[] _shown = Fitting(Console.IsOutputRedirected ? int.MaxValue : Terminal.Width());
    private readonly bool _colors = Terminal.OfOutput().ShowsColors;
    private string? _path;

    public override void Write(ConnectionClose record)
    {
        if (record.Path != _path)
            WriteHead(record.Path);
        string? color = _colors ? Color(record.State) : null;
        WriteLine(column =>
        {
            string text = column.Pad(column.Value(record));
            return color is not null && column.Title == "State" ? $"{color}{text}\e[0m" : text;
        });
    }

    private void WriteHead(string path)
    {
        Text.Append(_path is null ? "" : "\n");
        _path = path;
        Text.Append(OneLine.Of(path));
        Text.Append("\n"u8);
        WriteLine(column => column.Pad(column.Title));
    }

    private void WriteLine(Func<TableColumn<ConnectionClose>, string> cell)
    {
        Text.Append(string.Join(' ', _shown.Select(cell)).TrimEnd());
        Text.Append((byte)'\n');
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
