using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// A flat property of the record and how it is written. The names and their order are those of <see cref="ConnectionClose"/>; a
/// test holds the two together.
/// </summary>
internal sealed class RecordColumn
{
    private RecordColumn(string name, bool isText, Action<ConnectionClose, Utf8Text> write)
    {
        Name = name;
        IsText = isText;
        Write = write;
    }

    public static IReadOnlyList<RecordColumn> All { get; } =
    [
        Text(nameof(ConnectionClose.Path), r => r.Path),
        Number(nameof(ConnectionClose.Stream), r => r.Stream),
        Text(nameof(ConnectionClose.ClientAddress), r => r.ClientAddress),
        Number(nameof(ConnectionClose.ClientPort), r => r.ClientPort),
        Text(nameof(ConnectionClose.ServerAddress), r => r.ServerAddress),
        Number(nameof(ConnectionClose.ServerPort), r => r.ServerPort),
        Bool(nameof(ConnectionClose.OpenerKnown), r => r.OpenerKnown),
        Time(nameof(ConnectionClose.StartTime), r => r.StartTime),
        Time(nameof(ConnectionClose.EndTime), r => r.EndTime),
        new(nameof(ConnectionClose.Duration), isText: true, (r, t) => t.Append(r.Duration, "c")),
        Number(nameof(ConnectionClose.FirstFrame), r => r.FirstFrame),
        Number(nameof(ConnectionClose.LastFrame), r => r.LastFrame),
        Number(nameof(ConnectionClose.Packets), r => r.Packets),
        Number(nameof(ConnectionClose.ClientPackets), r => r.ClientPackets),
        Number(nameof(ConnectionClose.ServerPackets), r => r.ServerPackets),
        Number(nameof(ConnectionClose.ClientBytes), r => r.ClientBytes),
        Number(nameof(ConnectionClose.ServerBytes), r => r.ServerBytes),
        Number(nameof(ConnectionClose.ClientRetransmissions), r => r.ClientRetransmissions),
        Number(nameof(ConnectionClose.ServerRetransmissions), r => r.ServerRetransmissions),
        Number(nameof(ConnectionClose.MaxGap), r => r.MaxGap),
        Text(nameof(ConnectionClose.State), r => EnumNames.Of(r.State)),
        Text(nameof(ConnectionClose.ClosedBy), r => EnumNames.Of(r.ClosedBy)),
        Text(nameof(ConnectionClose.Sequence), r => r.Sequence),
        Optional(nameof(ConnectionClose.ClientFinFrame), r => r.ClientFinFrame),
        Optional(nameof(ConnectionClose.ServerFinFrame), r => r.ServerFinFrame),
        Optional(nameof(ConnectionClose.ClientResetFrame), r => r.ClientResetFrame),
        Optional(nameof(ConnectionClose.ServerResetFrame), r => r.ServerResetFrame),
        Optional(nameof(ConnectionClose.IdleBeforeClose), r => r.IdleBeforeClose),
        Optional(nameof(ConnectionClose.PayloadIdleBeforeClose), r => r.PayloadIdleBeforeClose),
        Text(nameof(ConnectionClose.ZeekState), r => r.ZeekState),
        Text(nameof(ConnectionClose.ZeekHistory), r => r.ZeekHistory),
        Number(nameof(ConnectionClose.Completeness), r => r.Completeness),
        Text(nameof(ConnectionClose.CaptureQuality), r => r.CaptureQuality.ToString()),
    ];

    public string Name { get; }

    /// <summary>JSON puts it in quotation marks.</summary>
    public bool IsText { get; }

    public Action<ConnectionClose, Utf8Text> Write { get; }

    private static RecordColumn Text(string name, Func<ConnectionClose, string> get) => new(name, isText: true, (r, t) => t.Append(get(r)));

    private static RecordColumn Number<T>(string name, Func<ConnectionClose, T> get)
        where T : struct, IUtf8SpanFormattable => new(name, isText: false, (r, t) => t.Append(get(r)));

    private static RecordColumn Optional<T>(string name, Func<ConnectionClose, T?> get)
        where T : struct, IUtf8SpanFormattable => new(name, isText: false, (r, t) =>
        {
            if (get(r) is { } value)
                t.Append(value);
        });

    private static RecordColumn Time(string name, Func<ConnectionClose, DateTime> get) => new(name, isText: true, (r, t) => t.Append(get(r), "O"));

    private static RecordColumn Bool(string name, Func<ConnectionClose, bool> get) =>
        new(name, isText: false, (r, t) => t.Append(get(r) ? "True"u8 : "False"u8));
}
