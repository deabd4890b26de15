using System.Text;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>A ticket in Markdown.</summary>
internal sealed class TicketFormat(PendingFile file, Pseudonyms? pseudonyms) : IExportFormat
{
    private StreamWriter? _text;
    private TicketWriter? _ticket;

    public int Capacity => RecordExport.MaxConnections;

    public void Add(ConnectionClose record)
    {
        _text ??= new StreamWriter(file.Stream, new UTF8Encoding(false), leaveOpen: true);
        _ticket ??= new TicketWriter(_text, pseudonyms);
        _ticket.Write(record);
    }

    public IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation)
    {
        _text?.Flush();
        return [];
    }

    /// <summary>Does nothing: the ticket is complete, or it is not used.</summary>
    public void Dispose()
    {
    }
}
