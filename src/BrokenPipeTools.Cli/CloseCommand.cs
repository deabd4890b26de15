using System.CommandLine;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe close FILE…</c> and <c>brokenpipe close -i INTERFACE</c>: a record per TCP connection of the captures, or of what is captured now.</summary>
internal static class CloseCommand
{
    private const int Success = 0;
    private const int InputFailed = 1;
    private const int Interrupted = 130; // 128 + SIGINT, as shells count

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

    private static int Run(CloseRequest request, Stream output, CancellationToken cancellation)
    {
        RecordPool pool = new();
        using RecordPump pump = new(RecordWriter.Create(request.Format, output), pool);
        using ProgressLine progress = new();

        // Records of a live capture come all the time: in a terminal they and the line would get in each other's way.
        bool mayShow = request.Capture is null || Console.IsOutputRedirected;
        request = request with { Analyzer = request.Analyzer with { Progress = mayShow ? progress.Show : null, Pool = pool } };
        int exitCode = Success;
        try
        {
            foreach (CaptureProblem? problem in Analyze(request, pump, progress, cancellation))
            {
                if (problem is null)
                    continue;
                pump.Drain(); // a message never comes before the rows that were there first
                progress.Clear();
                StandardError.WriteLine($"brokenpipe: {(problem.IsWarning ? "warning: " : "")}{problem.Id}: {problem.Message}");
                exitCode = InputFailed;
            }

            pump.Complete();
            return exitCode;
        }
        catch (OperationCanceledException)
        {
            pump.Complete();
            return Interrupted;
        }
    }

    private static IEnumerable<CaptureProblem?> Analyze(CloseRequest request, RecordPump pump, ProgressLine progress, CancellationToken cancellation)
    {
        if (request.Capture is not null)
            return [Capture(request, pump, progress, cancellation)];
        IEnumerable<string> files = request.Files.SelectMany(FileNames.Expand);
        if (request.IsSeries)
            return AnalyzeSeries([.. files], request, pump, progress, cancellation);
        return files.Select(file => Analyze(file, request, pump, progress, cancellation));
    }

    private static CaptureProblem? Analyze(string file, CloseRequest request, RecordPump pump, ProgressLine progress, CancellationToken cancellation)
    {
        try
        {
            using CloseAnalyzer analyzer = CloseAnalyzer.Open(file, request.Analyzer);
            bool isPipe = file == CaptureFile.StandardInput;
            while (analyzer.TryNext(out ConnectionClose? record, cancellation))
                {
                pump.Add(record);
                if (isPipe)
                    pump.Flush();
            }

            return Conclude(analyzer, file, request, progress);
        }
        catch (Exception e) when (CaptureProblem.From(e, file) is not null)
        {
            return CaptureProblem.From(e, file);
        }
    }

    private static IEnumerable<CaptureProblem?> AnalyzeSeries(IReadOnlyList<string> files, CloseRequest request, RecordPump pump, ProgressLine progress, CancellationToken cancellation)
    {
        if (files.Count == 0)
            yield break;
        CaptureSeries series = new(files);
        using CloseAnalyzer analyzer = new(series, request.Analyzer);
        while (analyzer.TryNext(out ConnectionClose? record, cancellation))
            {
            pump.Add(record);
            if (series.Length is null)
                pump.Flush();
        }

        yield return Conclude(analyzer, series.Name, request, progress);
        foreach (CaptureProblem problem in CaptureProblem.From(series))
            yield return problem;
    }

    /// <summary>An interrupt is the usual end of a capture: it ends in good order, with the connections that are still open.</summary>
    private static CaptureProblem? Capture(CloseRequest request, RecordPump pump, ProgressLine progress, CancellationToken interrupt)
    {
        string name = request.Capture!.InterfaceName;
        try
        {
            using LiveAnalysis live = LiveAnalysis.Open(CaptureLibrary.Instance, request.Capture, request.Analyzer, request.RecordTo, request.Overwrite);
            using CancellationTokenRegistration stop = interrupt.Register(live.Stop);
            while (live.Analyzer.TryNext(out ConnectionClose? record, CancellationToken.None))
                {
                pump.Add(record);
                pump.Flush();
            }

            if (CaptureSummary.LossOf(live.Analyzer, name) is { } loss)
            {
                progress.Clear();
                StandardError.WriteLine($"brokenpipe: warning: {loss}");
            }

            return Conclude(live.Analyzer, name, request, progress);
        }
        catch (Exception e) when (CaptureProblem.From(e, name) is not null)
        {
            return CaptureProblem.From(e, name);
        }
    }

    private static CaptureProblem? Conclude(CloseAnalyzer analyzer, string name, CloseRequest request, ProgressLine progress)
    {
        if (request.Verbose)
        {
            progress.Clear();
            StandardError.WriteLine($"{name}: {CaptureSummary.Of(analyzer)}");
        }

        return CaptureProblem.From(analyzer, name);
    }
}
