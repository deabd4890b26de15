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
    private static readonly (string Title, int Width, bool Right, Func<ConnectionClose, string> Value)[] Columns =
    [
        ("Stream", 6, true, r => r.Stream.ToString(CultureInfo.InvariantCulture)),
        ("Client", 21, false, r => Endpoint.Describe(r.ClientAddress, r.ClientPort)),
        ("Server", 21, false, r => Endpoint.Describe(r.ServerAddress, r.ServerPort)),
        ("Start", 15, false, r => r.StartTime.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        ("Seconds", 9, true, r => r.Duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)),
        ("Packets", 7, true, r => r.Packets.ToString(CultureInfo.InvariantCulture)),
        ("Sent", 9, true, r => r.ClientBytes.ToString(CultureInfo.InvariantCulture)),
        ("Received", 9, true, r => r.ServerBytes.ToString(CultureInfo.InvariantCulture)),
        ("State", 10, false, r => EnumNames.Of(r.State)),
        ("ClosedBy", 8, false, r => EnumNames.Of(r.ClosedBy)),
        ("Idle", 8, true, r => r.IdleBeforeClose?.ToString("0.000", CultureInfo.InvariantCulture) ?? ""),
        ("Sequence", 0, false, r => r.Sequence),
    ];

    private readonly bool _colors = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
    private string? _path;

    public override void Write(ConnectionClose record)
    {
        if (record.Path != _path)
            WriteHead(record.Path);
        string? color = _colors ? Color(record.State) : null;
        foreach ((string title, int width, bool right, Func<ConnectionClose, string> value) in Columns)
        {
            string text = value(record);
            text = right ? text.PadLeft(width) : text.PadRight(width);
            bool colored = color is not null && title == "State";
            Text.Append(colored ? $"{color}{text}\e[0m" : text);
            Text.Append(width == 0 ? [] : " "u8); // the last column
        }

        EndLine();
    }

    private void WriteHead(string path)
    {
        Text.Append(_path is null ? "" : "\n");
        _path = path;
        Text.Append(path);
        Text.Append("\n"u8);
        foreach ((string title, int width, bool right, _) in Columns)
        {
            Text.Append(right ? title.PadLeft(width) : title.PadRight(width));
            Text.Append(width == 0 ? [] : " "u8);
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
