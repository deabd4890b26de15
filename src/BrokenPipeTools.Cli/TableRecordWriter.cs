using System.Globalization;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;
using Spectre.Console;

namespace BrokenPipeTools.Cli;

/// <summary>
/// A line a connection, written as soon as it is known: so the columns have fixed widths, and a longer value pushes the rest of
/// its line to the right.
/// </summary>
internal sealed class TableRecordWriter(Stream output) : RecordWriter(output)
{
    private static readonly TableColumn<ConnectionClose>[] Columns =
    [
        new("Stream", 6, r => r.Stream.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Client", 21, r => Endpoint.Describe(r.ClientAddress, r.ClientPort)),
        new("Server", 21, r => Endpoint.Describe(r.ServerAddress, r.ServerPort)),
        new("Start", 15, r => r.StartTime.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        new("Seconds", 9, r => r.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture), Right: true),
        new("Packets", 7, r => r.Packets.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Sent", 9, r => r.ClientBytes.ToString(CultureInfo.InvariantCulture), Right: true),
        new("Received", 9, r => r.ServerBytes.ToString(CultureInfo.InvariantCulture), Right: true),
        new("State", 10, r => EnumNames.Of(r.State)),
        new("ClosedBy", 8, r => EnumNames.Of(r.ClosedBy)),
        new("Idle", 8, r => r.IdleBeforeClose?.ToString("0.000", CultureInfo.InvariantCulture) ?? "", Right: true),
        new("Sequence", 0, r => r.Sequence),
    ];

    private readonly bool _colors = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private string? _path;

    public override void Write(ConnectionClose record)
    {
        if (record.Path != _path)
            WriteHead(record.Path);
        string? color = _colors ? Color(record.State) : null;
        foreach (TableColumn<ConnectionClose> column in Columns)
        {
            string text = column.Pad(column.Value(record));
            bool colored = color is not null && column.Title == "State";
            Text.Append(colored ? $"{color}{text}\e[0m" : text);
            Text.Append(column.Width == 0 ? [] : " "u8); // the last column
        }

        EndLine();
    }

    private void WriteHead(string path)
    {
        Text.Append(_path is null ? "" : "\n");
        _path = path;
        Text.Append(OneLine.Of(path));
        Text.Append("\n"u8);
        foreach (TableColumn<ConnectionClose> column in Columns)
        {
            Text.Append(column.Pad(column.Title));
            Text.Append(column.Width == 0 ? [] : " "u8);
        }

        EndLine();
    }

    private void EndLine() => Text.Append((byte)'\n');

    private static string? Color(CloseState state) => state switch
    {
        CloseState.Reset or CloseState.Refused or CloseState.TimedOut or CloseState.Unanswered => "\e[31m",
        CloseState.HalfClosed or CloseState.Evicted => "\e[33m",
        CloseState.Graceful => "\e[32m",
        _ => null,
    };
}
