using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>An HTML page.</summary>
internal sealed class PageFormat(PendingFile file, Pseudonyms? pseudonyms) : IExportFormat
{
    private PageWriter? _page;

    public int Capacity => PageWriter.MaxConnections;

    public void Add(ConnectionClose record)
    {
        _page ??= new PageWriter(file.Stream, pseudonyms);
        _page.Write(record);
    }

    public IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation)
    {
        _page?.Complete(isCut);
        return [];
    }

    public void Dispose()
    {
        _page?.Dispose();
        _page = null;
    }
}
