using System.Text;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Output;

/// <summary>
/// Writes CSV (RFC 4180) with a header: the same columns that PowerShell's Export-Csv makes from the flat properties. Each column is written by a line
/// of its own, because a call for each column of <see cref="RecordColumn"/> took a third of the time; a test compares the two.
/// </summary>
internal sealed class CsvRecordWriter(Stream output) : RecordWriter(output)
{
    private readonly Utf8Times _times = new();
    private string? _path;
    private byte[] _pathField = [];

    public override void Begin()
    {
        Text.Append(string.Join(',', RecordColumn.All.Select(c => c.Name)));
        Text.Append((byte)'\n');
    }

    public override void Write(ReadOnlySpan<ConnectionClose> records)
    {
        for (; records.Length > CommunityId.Together; records = records[CommunityId.Together..])
            Write(records[..CommunityId.Together]);
        Span<byte> ids = stackalloc byte[CommunityId.Together * CommunityId.Length];
        ConnectionClose.WriteCommunityIds(records, ids);
        for (int i = 0; i < records.Length; i++)
            Write(records[i], ids.Slice(i * CommunityId.Length, CommunityId.Length));
    }

    protected override void Write(ConnectionClose record) => Write([record]);

    private void Write(ConnectionClose record, ReadOnlySpan<byte> communityId)
    {
        CsvRow row = new(Text, _times);
        WriteEndpoints(ref row, record);
        WriteExtent(ref row, record);
        WriteClosing(ref row, record);
        WriteOtherTools(ref row, record, communityId);
        WriteResults(ref row, record);
        WriteReasons(ref row, record);
        row.End();
    }

    /// <summary>Returns the field of the path, which is the same for all records of a capture.</summary>
    private byte[] FieldOf(string path)
    {
        if (!ReferenceEquals(path, _path))
            (_path, _pathField) = (path, Encoding.UTF8.GetBytes(CsvField.Of(path)));
        return _pathField;
    }

    private void WriteEndpoints(ref CsvRow row, ConnectionClose r)
    {
        row.OpenField().Append(FieldOf(r.Path));
        row.EndField();
        row.Number(r.Stream);
        r.WriteAddress(client: true, row.OpenField());
        row.EndField();
        row.Number(r.ClientPort);
        r.WriteAddress(client: false, row.OpenField());
        row.EndField();
        row.Number(r.ServerPort);
        row.Any(r.ServerName);
        row.Name(r.OpenerKnown ? "True"u8 : "False"u8);
    }

    private static void WriteExtent(ref CsvRow row, ConnectionClose r)
    {
        row.Time(r.StartTime);
        row.Time(r.EndTime);
        row.Seconds(r.ExactDuration);
        row.Number(r.FirstFrame);
        row.Number(r.LastFrame);
        row.Number(r.Packets);
        row.Number(r.ClientPackets);
        row.Number(r.ServerPackets);
        row.Number(r.ClientBytes);
        row.Number(r.ServerBytes);
        row.Number(r.ClientRetransmissions);
        row.Number(r.ServerRetransmissions);
        row.Number(r.Duplicates);
        row.Seconds(r.ExactMaxGap);
    }

    private static void WriteClosing(ref CsvRow row, ConnectionClose r)
    {
        row.Name(EnumNames.Utf8Of(r.State));
        row.Name(EnumNames.Utf8Of(r.ClosedBy));
        r.WriteSequence(row.OpenField());
        row.EndField();
        row.Number(r.ClientFinFrame);
        row.Number(r.ServerFinFrame);
        row.Number(r.ClientResetFrame);
        row.Number(r.ServerResetFrame);
        row.Seconds(r.ExactIdleBeforeClose);
        row.Seconds(r.ExactPayloadIdleBeforeClose);
        row.Seconds(r.ExactHalfClosedFor);
        row.Number(r.ClientUnacked);
        row.Number(r.ServerUnacked);
    }

    private static void WriteOtherTools(ref CsvRow row, ConnectionClose r, ReadOnlySpan<byte> communityId)
    {
        row.Name(r.ZeekState);
        r.WriteZeekHistory(row.OpenField());
        row.EndField();
        row.Number(r.Completeness);
        row.Name(r.HasNames ? [] : communityId);
        r.WriteWiresharkFilter(row.OpenField());
        row.EndField();
    }

    private static void WriteResults(ref CsvRow row, ConnectionClose r)
    {
        row.Name(r.Connect);
        row.Name(r.ClientRead);
        row.Name(r.ClientWrite);
        row.Name(r.ServerRead);
        row.Name(r.ServerWrite);
        row.Name(EnumNames.Utf8Of(r.BrokenPipe));
    }

    private static void WriteReasons(ref CsvRow row, ConnectionClose r)
    {
        row.Name(EnumNames.Utf8Of(r.Cause));
        row.Name(EnumNames.Utf8Of(r.Confidence));
        r.WriteExplanation(row.OpenQuoted());
        row.EndQuoted();
        r.WriteAdvice(row.OpenQuoted());
        row.EndQuoted();
        row.Any(r.ClientCloseReason);
        row.Any(r.ServerCloseReason);
        row.Number(r.RelatedStream);
        row.OpenQuoted().Append(EnumNames.Utf8Of(r.CaptureQuality));
        row.EndQuoted();
    }
}
