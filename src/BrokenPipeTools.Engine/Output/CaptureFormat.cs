using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Output;

/// <summary>Writes the packets of the connections as a capture.</summary>
internal sealed class CaptureFormat(PendingFile file, Pseudonyms? pseudonyms) : IExportFormat
{
    private readonly CaptureExtract _packets = new(pseudonyms);

    public int Capacity => RecordExport.MaxConnections;

    public bool IsEmpty { get; private set; }

    public void Add(ConnectionClose record) => _packets.Add(record);

    public IReadOnlyList<CaptureProblem> Complete(bool isCut, Func<string, ICaptureSource> open, CancellationToken cancellation)
    {
        using PcapWriter writer = new(file.Stream, "The packets of single connections. Frame numbers in comments are those of the captures that they come from.", leaveOpen: true);
        IReadOnlyList<CaptureProblem> problems = _packets.WriteTo(writer, open, cancellation);
        writer.Flush();
        IsEmpty = writer.Frames == 0;
        return problems;
    }

    public void Dispose()
    {
    }
}
