using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// A flat property of the record and its format. The names and their order are those of <see cref="ConnectionClose"/>, which a test checks.
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
        new(nameof(ConnectionClose.Path), (r, t) => t.Append(r.Path), mayNeedQuotes: true),
        new(nameof(ConnectionClose.Stream), (r, t) => t.Append(r.Stream)),
        new(nameof(ConnectionClose.ClientAddress), (r, t) => r.WriteAddress(client: true, t)),
        new(nameof(ConnectionClose.ClientPort), (r, t) => t.Append(r.ClientPort)),
        new(nameof(ConnectionClose.ServerAddress), (r, t) => r.WriteAddress(client: false, t)),
        new(nameof(ConnectionClose.ServerPort), (r, t) => t.Append(r.ServerPort)),
        new(nameof(ConnectionClose.ServerName), (r, t) => t.Append(r.ServerName)),
        new(nameof(ConnectionClose.OpenerKnown), (r, t) => t.Append(r.OpenerKnown ? "True"u8 : "False"u8)),
        new(nameof(ConnectionClose.StartTime), (r, t) => t.AppendTime(r.StartTime)),
        new(nameof(ConnectionClose.EndTime), (r, t) => t.AppendTime(r.EndTime)),
        new(nameof(ConnectionClose.Duration), (r, t) => t.AppendSeconds(r.Duration)),
        new(nameof(ConnectionClose.FirstFrame), (r, t) => t.Append(r.FirstFrame)),
        new(nameof(ConnectionClose.LastFrame), (r, t) => t.Append(r.LastFrame)),
        new(nameof(ConnectionClose.Packets), (r, t) => t.Append(r.Packets)),
        new(nameof(ConnectionClose.ClientPackets), (r, t) => t.Append(r.ClientPackets)),
        new(nameof(ConnectionClose.ServerPackets), (r, t) => t.Append(r.ServerPackets)),
        new(nameof(ConnectionClose.ClientBytes), (r, t) => t.Append(r.ClientBytes)),
        new(nameof(ConnectionClose.ServerBytes), (r, t) => t.Append(r.ServerBytes)),
        new(nameof(ConnectionClose.ClientRetransmissions), (r, t) => t.Append(r.ClientRetransmissions)),
        new(nameof(ConnectionClose.ServerRetransmissions), (r, t) => t.Append(r.ServerRetransmissions)),
        new(nameof(ConnectionClose.Duplicates), (r, t) => t.Append(r.Duplicates)),
        new(nameof(ConnectionClose.MaxGap), (r, t) => t.AppendSeconds(r.MaxGap)),
        new(nameof(ConnectionClose.State), (r, t) => t.Append(EnumNames.Utf8Of(r.State))),
        new(nameof(ConnectionClose.ClosedBy), (r, t) => t.Append(EnumNames.Utf8Of(r.ClosedBy))),
        new(nameof(ConnectionClose.Sequence), (r, t) => r.WriteSequence(t)),
        new(nameof(ConnectionClose.ClientFinFrame), (r, t) => t.Append(r.ClientFinFrame)),
        new(nameof(ConnectionClose.ServerFinFrame), (r, t) => t.Append(r.ServerFinFrame)),
        new(nameof(ConnectionClose.ClientResetFrame), (r, t) => t.Append(r.ClientResetFrame)),
        new(nameof(ConnectionClose.ServerResetFrame), (r, t) => t.Append(r.ServerResetFrame)),
        new(nameof(ConnectionClose.IdleBeforeClose), (r, t) => t.AppendSeconds(r.IdleBeforeClose)),
        new(nameof(ConnectionClose.PayloadIdleBeforeClose), (r, t) => t.AppendSeconds(r.PayloadIdleBeforeClose)),
        new(nameof(ConnectionClose.HalfClosedFor), (r, t) => t.AppendSeconds(r.HalfClosedFor)),
        new(nameof(ConnectionClose.ClientUnacked), (r, t) => t.Append(r.ClientUnacked)),
        new(nameof(ConnectionClose.ServerUnacked), (r, t) => t.Append(r.ServerUnacked)),
        new(nameof(ConnectionClose.ZeekState), (r, t) => t.Append(r.ZeekState)),
        new(nameof(ConnectionClose.ZeekHistory), (r, t) => r.WriteZeekHistory(t)),
        new(nameof(ConnectionClose.Completeness), (r, t) => t.Append(r.Completeness)),
        new(nameof(ConnectionClose.CommunityId), (r, t) => r.WriteCommunityId(t)),
        new(nameof(ConnectionClose.WiresharkFilter), (r, t) => r.WriteWiresharkFilter(t)),
        new(nameof(ConnectionClose.Connect), (r, t) => t.Append(r.Connect)),
        new(nameof(ConnectionClose.ClientRead), (r, t) => t.Append(r.ClientRead)),
        new(nameof(ConnectionClose.ClientWrite), (r, t) => t.Append(r.ClientWrite)),
        new(nameof(ConnectionClose.ServerRead), (r, t) => t.Append(r.ServerRead)),
        new(nameof(ConnectionClose.ServerWrite), (r, t) => t.Append(r.ServerWrite)),
        new(nameof(ConnectionClose.BrokenPipe), (r, t) => t.Append(EnumNames.Utf8Of(r.BrokenPipe))),
        new(nameof(ConnectionClose.Cause), (r, t) => t.Append(EnumNames.Utf8Of(r.Cause))),
        new(nameof(ConnectionClose.Confidence), (r, t) => t.Append(EnumNames.Utf8Of(r.Confidence))),
        new(nameof(ConnectionClose.Explanation), (r, t) => r.WriteExplanation(t), mayNeedQuotes: true),
        new(nameof(ConnectionClose.Advice), (r, t) => r.WriteAdvice(t), mayNeedQuotes: true),
        new(nameof(ConnectionClose.ClientCloseReason), (r, t) => t.Append(r.ClientCloseReason), mayNeedQuotes: true),
        new(nameof(ConnectionClose.ServerCloseReason), (r, t) => t.Append(r.ServerCloseReason), mayNeedQuotes: true),
        new(nameof(ConnectionClose.RelatedStream), (r, t) => t.Append(r.RelatedStream)),
        new(nameof(ConnectionClose.CaptureQuality), (r, t) => t.Append(EnumNames.Utf8Of(r.CaptureQuality)), mayNeedQuotes: true),
    ];

    public string Name { get; }

    /// <summary>Whether the value may contain a comma, a quotation mark or a control character; the name of a file may.</summary>
    public bool MayNeedQuotes { get; }

    public Action<ConnectionClose, Utf8Text> Write { get; }
}
