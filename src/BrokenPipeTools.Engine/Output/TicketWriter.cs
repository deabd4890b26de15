using System.Globalization;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>
/// Writes connections as Markdown (CommonMark, with the tables of GitHub): the explanation, the advice, the next calls and the ladder, as
/// it is pasted into an issue tracker.
/// </summary>
/// <param name="output">Takes the text; lines end with a line feed.</param>
public sealed class TicketWriter(TextWriter output)
{
    private bool _any;

    /// <summary>Writes a connection.</summary>
    public void Write(ConnectionClose record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_any)
            Line("");
        _any = true;
        Line($"## {Client(record)} > {Server(record)}: {record.Cause}");
        Line("");
        Line(MarkdownText.Of(record.Explanation));
        if (record.Advice.Length > 0)
        {
            Line("");
            Line($"**What to do:** {MarkdownText.Of(record.Advice)}");
        }

        Line("");
        WriteCalls(record);
        if (record.Events.Count > 0)
        {
            Line("");
            output.Write(MarkdownText.Block(MarkedLadder.Of(record)));
        }

        Line("");
        WriteRest(record);
    }

    private void WriteCalls(ConnectionClose record)
    {
        Line($"| | client {Client(record)} | server {Server(record)} |");
        Line("|---|---|---|");
        Line($"| next read | {Cell(record.ClientRead)} | {Cell(record.ServerRead)} |");
        Line($"| next write | {Cell(record.ClientWrite)} | {Cell(record.ServerWrite)} |");
        Line($"| payload bytes sent | {Number(record.ClientBytes)} | {Number(record.ServerBytes)} |");
        Line($"| never acknowledged | {Number(record.ClientUnacked)} | {Number(record.ServerUnacked)} |");
    }

    private void WriteRest(ConnectionClose record)
    {
        Line($"- State {record.State}, closed by {record.ClosedBy}, confidence {record.Confidence}");
        foreach (Alternative other in record.Alternatives)
            Line($"- It may also be {other.Cause}: {MarkdownText.Of(other.Why)}");
        foreach (Evidence evidence in record.Evidence)
            Line(string.Create(CultureInfo.InvariantCulture, $"- Frame {evidence.Frame}: {MarkdownText.Of(evidence.Shows)}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"- From {record.StartTime:yyyy-MM-dd HH:mm:ss.ffffff}Z to {record.EndTime:yyyy-MM-dd HH:mm:ss.ffffff}Z, frames {record.FirstFrame} to {record.LastFrame} of {MarkdownText.Code(record.Path)}"));
        Line($"- In Wireshark: {MarkdownText.Code(record.WiresharkFilter)}");
        if (record.CaptureQuality != CaptureQuality.Complete)
            Line($"- The capture lacks something: {MarkdownText.Of(record.CaptureQuality.ToString())}");
    }

    private static string Client(ConnectionClose record) => MarkdownText.Of(Endpoint.Describe(record.ClientAddress, record.ClientPort));

    private static string Server(ConnectionClose record) => MarkdownText.Of(Endpoint.Describe(record.ServerAddress, record.ServerPort));

    private static string Cell(string call) => call.Length == 0 ? "(no socket)" : MarkdownText.Of(call);

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    private void Line(string text) => output.Write(text + "\n");
}
