using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>Reads the captures of a request, or captures packets, and passes every record to a writer.</summary>
internal static class RecordRun
{
    private const int InputFailed = 1;

    /// <summary>Reads the captures or captures packets. If the table of timers is wrong, nothing is read, because the causes could be wrong.</summary>
    /// <param name="request">The inputs.</param>
    /// <param name="writer">The writer of the records.</param>
    /// <param name="interrupt">Ends the run early.</param>
    /// <returns>The exit code.</returns>
    public static int Start(CloseRequest request, IRecordWriter writer, CancellationToken interrupt)
    {
        if (request.TimerFile is null)
            return Run(request, writer, interrupt);
        KnownTimers timers;
        try
        {
            timers = KnownTimers.Read(request.TimerFile);
        }
        catch (TimerFileException e)
        {
            StandardError.WriteLine($"brokenpipe: TimerFileInvalid: {e.Message}");
            return InputFailed;
        }

        return Run(request with { Analyzer = request.Analyzer with { Timers = timers } }, writer, interrupt);
    }

    private static int Run(CloseRequest request, IRecordWriter writer, CancellationToken interrupt)
    {
        RecordPool? pool = writer.KeepsRecords ? null : new RecordPool();
        DecodingAhead ahead = new();
        using CloseOutput results = new(request, new RecordPump(writer, pool, ahead));
        AnalyzerOptions options = request.Analyzer with { Pool = pool, Ahead = ahead };
        try
        {
            if (request.Capture is not null)
                Capture(request, new CaptureRun(results, options, CancellationToken.None), interrupt);
            else
                Read(request, new CaptureRun(results, options, interrupt));
            results.Complete();
            return results.ExitCode;
        }
        catch (OperationCanceledException)
        {
            results.Complete();
            return Termination.Interrupted;
        }
    }

    private static void Read(CloseRequest request, CaptureRun run)
    {
        IEnumerable<string> files = request.Files.SelectMany(FileNames.Expand);
        if (request.IsSeries)
        {
            run.ReadSeries([.. files]);
            return;
        }

        foreach (string file in files)
            run.Read(file);
    }

    /// <summary>Captures packets. An interrupt is the usual end of a live capture: the connections that are still open are then written, too.</summary>
    private static void Capture(CloseRequest request, CaptureRun run, CancellationToken interrupt) =>
        run.Capture(CaptureLibrary.Instance, request.Capture!, request.RecordTo, request.Overwrite, interrupt);
}
