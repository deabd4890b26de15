using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary>
/// A flat property of the record and how it is written. The names and their order are those of <see cref="ConnectionClose"/>; a
/// test holds the two together.
/// </summary>
internal sealed class RecordColumn
{
    private RecordColumn(string name, Action<ConnectionClose, Utf8Text> write, bool mayNeedQuotes = false)
    {
        Name = name;
        Write = write;
        MayNeedQuotes = mayNeedQuotes;
    }

    public static IReadOnlyList<RecordColumn> All { get; } =
    [
        Text(nameof(ConnectionClose.Path), r => r.Path, mayNeedQuotes: true),
        Number(nameof(ConnectionClose.Stream), r => r.Stream),
        new(nameof(ConnectionClose.ClientAddress), (r, t) => r.WriteAddress(client: true, t)),
        Number(nameof(ConnectionClose.ClientPort), r => r.ClientPort),
        new(nameof(ConnectionClose.ServerAddress), (r, t) => r.WriteAddress(client: false, t)),
        Number(nameof(ConnectionClose.ServerPort), r => r.ServerPort),
        Bool(nameof(ConnectionClose.OpenerKnown), r => r.OpenerKnown),
        Time(nameof(ConnectionClose.StartTime), r => r.StartTime),
        Time(nameof(ConnectionClose.EndTime), r => r.EndTime),
        new(nameof(ConnectionClose.Duration), (r, t) => t.AppendSpan(r.Duration)),
        Number(nameof(ConnectionClose.FirstFrame), r => r.FirstFrame),
        Number(nameof(ConnectionClose.LastFrame), r => r.LastFrame),
        Number(nameof(ConnectionClose.Packets), r => r.Packets),
        Number(nameof(ConnectionClose.ClientPackets), r => r.ClientPackets),
        Number(nameof(ConnectionClose.ServerPackets), r => r.ServerPackets),
        Number(nameof(ConnectionClose.ClientBytes), r => r.ClientBytes),
        Number(nameof(ConnectionClose.ServerBytes), r => r.ServerBytes),
        Number(nameof(ConnectionClose.ClientRetransmissions), r => r.ClientRetransmissions),
        Number(nameof(ConnectionClose.ServerRetransmissions), r => r.ServerRetransmissions),
        Seconds(nameof(ConnectionClose.MaxGap), r => r.MaxGap),
        Text(nameof(ConnectionClose.State), r => EnumNames.Of(r.State)),
        Text(nameof(ConnectionClose.ClosedBy), r => EnumNames.Of(r.ClosedBy)),
        new(nameof(ConnectionClose.Sequence), (r, t) => r.WriteSequence(t)),
        Optional(nameof(ConnectionClose.ClientFinFrame), r => r.ClientFinFrame),
        Optional(nameof(ConnectionClose.ServerFinFrame), r => r.ServerFinFrame),
        Optional(nameof(ConnectionClose.ClientResetFrame), r => r.ClientResetFrame),
        Optional(nameof(ConnectionClose.ServerResetFrame), r => r.ServerResetFrame),
        Seconds(nameof(ConnectionClose.IdleBeforeClose), r => r.IdleBeforeClose),
        Seconds(nameof(ConnectionClose.PayloadIdleBeforeClose), r => r.PayloadIdleBeforeClose),
        Text(nameof(ConnectionClose.ZeekState), r => r.ZeekState),
        new(nameof(ConnectionClose.ZeekHistory), (r, t) => r.WriteZeekHistory(t)),
        Number(nameof(ConnectionClose.Completeness), r => r.Completeness),
        Text(nameof(ConnectionClose.ClientRead), r => r.ClientRead),
        Text(nameof(ConnectionClose.ClientWrite), r => r.ClientWrite),
        Text(nameof(ConnectionClose.ServerRead), r => r.ServerRead),
        Text(nameof(ConnectionClose.ServerWrite), r => r.ServerWrite),
        Text(nameof(ConnectionClose.BrokenPipe), r => EnumNames.Of(r.BrokenPipe)),
        Text(nameof(ConnectionClose.Cause), r => EnumNames.Of(r.Cause)),
        Text(nameof(ConnectionClose.Confidence), r => EnumNames.Of(r.Confidence)),
        new(nameof(ConnectionClose.Explanation), (r, t) => r.WriteExplanation(t), mayNeedQuotes: true),
        Text(nameof(ConnectionClose.Advice), r => r.Advice, mayNeedQuotes: true),
        Text(nameof(ConnectionClose.CaptureQuality), r => EnumNames.Of(r.CaptureQuality), mayNeedQuotes: true),
    ];

    public string Name { get; }

    /// <summary>The value may hold a comma, a quotation mark or a control character: the name of a file may hold any.</summary>
    public bool MayNeedQuotes { get; }

    public Action<ConnectionClose, Utf8Text> Write { get; }

    private static RecordColumn Text(string name, Func<ConnectionClose, string> get, bool mayNeedQuotes = false) =>
        new(name, (r, t) => t.Append(get(r)), mayNeedQuotes);

    private static RecordColumn Number(string name, Func<ConnectionClose, long> get) => new(name, (r, t) => t.Append(get(r)));

    private static RecordColumn Optional(string name, Func<ConnectionClose, long?> get) => new(name, (r, t) =>
    {
        if (get(r) is { } value)
            t.Append(value);
    });

    private static RecordColumn Seconds(string name, Func<ConnectionClose, double?> get) => new(name, (r, t) =>
    {
        if (get(r) is { } value)
            t.AppendSeconds(value);
    });

    private static RecordColumn Time(string name, Func<ConnectionClose, DateTime> get) => new(name, (r, t) => t.AppendTime(get(r)));

    private static RecordColumn Bool(string name, Func<ConnectionClose, bool> get) => new(name, (r, t) => t.Append(get(r) ? "True"u8 : "False"u8));
}
