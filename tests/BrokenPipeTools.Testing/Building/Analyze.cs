using BrokenPipeTools.Analysis;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Testing.Building;

/// <summary>Runs captures through the analyzer.</summary>
internal static class Analyze
{
    public static List<ConnectionClose> Bytes(byte[] capture, AnalyzerOptions? options = null) => All(capture, options).Records;

    /// <summary>Returns the records, and the analyzer with its summary of the capture.</summary>
    public static (List<ConnectionClose> Records, CloseAnalyzer Analyzer) All(byte[] capture, AnalyzerOptions? options = null)
    {
        using CloseAnalyzer analyzer = new(CaptureFile.Open(new MemoryStream(capture), "test.pcap"), options);
        return (Records(analyzer), analyzer);
    }

    /// <summary>The records of a file, up to its end or its damage.</summary>
    public static List<ConnectionClose> File(string path)
    {
        using CloseAnalyzer analyzer = CloseAnalyzer.Open(path);
        return Records(analyzer);
    }

    /// <summary>Returns the remaining records of an analyzer.</summary>
    public static List<ConnectionClose> Records(CloseAnalyzer analyzer)
    {
        List<ConnectionClose> records = [];
        while (analyzer.TryNext(out ConnectionClose? record))
            records.Add(record);
        return records;
    }

    /// <summary>Returns copies of the frames of a capture.</summary>
    public static List<(long Number, long Time, int LinkType, int OriginalLength, byte[] Data)> Frames(byte[] capture)
    {
        using ICaptureSource source = CaptureFile.Open(new MemoryStream(capture), "test.pcap");
        List<(long, long, int, int, byte[])> frames = [];
        while (source.TryRead(out Frame f))
            frames.Add((f.Number, f.Time, f.LinkType, f.OriginalLength, f.Data.ToArray()));
        return frames;
    }
}
