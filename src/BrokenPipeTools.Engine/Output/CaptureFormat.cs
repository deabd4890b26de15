using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>The packets of the connections, as a capture.</summary>
internal sealed class CaptureFormat(string path, bool overwrite, Pseudonyms? pseudonyms) : IExportFormat
{
    private readonly CaptureExtract _packets = new(pseudonyms);

    public int Capacity => RecordExport.MaxConnections;

    public void Add(ConnectionClose record) => _packets.Add(record);

    public IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation)
    {
        using PcapWriter writer = PcapWriter.Create(path, overwrite, "The packets of single connections. Frame numbers in comments are those of the captures that they come from.");
        return _packets.WriteTo(writer, open, cancellation);
    }

    public void Dispose()
    {
    }
}
