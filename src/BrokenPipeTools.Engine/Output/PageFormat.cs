using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>An HTML page.</summary>
internal sealed class PageFormat(string path, bool overwrite, Pseudonyms? pseudonyms) : IExportFormat
{
    private Stream? _file;
    private PageWriter? _page;
    private bool _isComplete;

    public int Capacity => PageWriter.MaxConnections;

    public void Add(ConnectionClose record)
    {
        _file ??= PrivateFile.Create(path, overwrite);
        _page ??= new PageWriter(_file, pseudonyms);
        _page.Write(record);
    }

    public IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation)
    {
        _page?.Complete(isCut);
        _file?.Flush();
        _isComplete = true;
        return [];
    }

    /// <summary>Closes the file, and deletes a page that is not complete: no browser could show it.</summary>
    public void Dispose()
    {
        _page?.Dispose();
        _file?.Dispose();
        if (_file is not null && !_isComplete)
            File.Delete(path);
    }
}
