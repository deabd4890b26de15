using System.CommandLine;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe close FILE…</c> and <c>brokenpipe close -i INTERFACE</c>: a record per TCP connection of the captures, or of what is captured now.</summary>
internal static class CloseCommand
{
    private const int InputFailed = 1;

    public static Command Create()
    {
        CloseOptions options = new();
        Command command = options.AddTo(new Command("close", "Says how every TCP connection closed: of captures, or of an interface while it is captured."));

        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output => Start(options.Read(result), output, cancellation)));
        return command;
    }

    /// <summary>With a table of timers that is wrong everything after it would be in doubt: nothing is read.</summary>
    private static int Start(CloseRequest request, Stream output, CancellationToken cancellation)
    {
        if (request.TimerFile is null)
            return Run(request, output, cancellation);
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

        return Run(request with { Analyzer = request.Analyzer with { Timers = timers } }, output, cancellation);
    }

    private static int Run(CloseRequest request, Stream output, CancellationToken interrupt)
    {
        RecordPool pool = new();
        using CloseOutput results = new(request, output, pool);
        AnalyzerOptions options = request.Analyzer with { Pool = pool };
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

    /// <summary>An interrupt is the usual end of a capture: it ends in good order, with the connections that are still open.</summary>
    private static void Capture(CloseRequest request, CaptureRun run, CancellationToken interrupt) =>
        run.Capture(CaptureLibrary.Instance, request.Capture!, request.RecordTo, request.Overwrite, interrupt);
}
