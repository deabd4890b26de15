using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections as Markdown (CommonMark, with the tables of GitHub), ready to be pasted into an issue tracker: the explanation, the advice, the
/// next calls and the ladder.
/// </summary>
internal sealed class TicketWriter
{
    private readonly TextWriter _output;
    private readonly Pseudonyms? _pseudonyms;
    private bool _any;

    /// <summary>Begins a text.</summary>
    /// <param name="output">The output. Lines end with a line feed.</param>
    public TicketWriter(TextWriter output)
        : this(output, pseudonyms: null)
    {
    }

    internal TicketWriter(TextWriter output, Pseudonyms? pseudonyms) => (_output, _pseudonyms) = (output, pseudonyms);

    /// <summary>Writes a connection.</summary>
    public void Write(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ExportedRecord shown = new(record, _pseudonyms);
        if (_any)
            Line("");
        _any = true;
        Line($"## {MarkdownText.Host(shown.Client)} > {MarkdownText.Host(shown.Server)}: {record.Cause}");
        Line("");
        Line(MarkdownText.Of(shown.Explanation));
        if (record.Advice.Length > 0)
        {
            Line("");
            Line($"**What to do:** {MarkdownText.Of(shown.Advice)}");
        }

        Line("");
        WriteCalls(shown);
        if (record.Events.Count > 0)
        {
            Line("");
            _output.Write(MarkdownText.Block(shown.Ladder));
        }

        Line("");
        WriteRest(shown);
    }

    private void WriteCalls(ExportedRecord shown)
    {
        ConnectionClose record = shown.Record;
        Line($"| | client {MarkdownText.Host(shown.Client)} | server {MarkdownText.Host(shown.Server)} |");
        Line("|---|---|---|");
        Line($"| next read | {Cell(record.ClientRead)} | {Cell(record.ServerRead)} |");
        Line($"| next write | {Cell(record.ClientWrite)} | {Cell(record.ServerWrite)} |");
        Line($"| payload bytes sent | {Number(record.ClientBytes)} | {Number(record.ServerBytes)} |");
        Line($"| never acknowledged | {Number(record.ClientUnacked)} | {Number(record.ServerUnacked)} |");
    }

    private void WriteRest(ExportedRecord shown)
    {
        ConnectionClose record = shown.Record;
        Line($"- State {record.State}, closed by {record.ClosedBy}, confidence {record.Confidence}");
        foreach ((string cause, string why) in shown.Alternatives)
            Line($"- It may also be {cause}: {MarkdownText.Of(why)}");
        foreach ((long frame, string shows) in shown.Evidence)
            Line(string.Create(CultureInfo.InvariantCulture, $"- Frame {frame}: {MarkdownText.Of(shows)}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"- From {record.StartTime:yyyy-MM-dd HH:mm:ss.ffffff}Z to {record.EndTime:yyyy-MM-dd HH:mm:ss.ffffff}Z, frames {record.FirstFrame} to {record.LastFrame} of {MarkdownText.Code(shown.Path)}"));
        Line($"- In Wireshark: {MarkdownText.Code(shown.WiresharkFilter)}");
        if (record.CaptureQuality != CaptureQuality.Complete)
            Line($"- The capture is not complete: {MarkdownText.Of(record.CaptureQuality.ToString())}");
    }

    private static string Cell(string call) => call.Length == 0 ? "(no socket)" : MarkdownText.Of(call);

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private void Line(string text) => _output.Write(text + "\n");
}
