using System.CommandLine;
using BrokenPipeTools.Capture;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe close FILE…</c>: a record per TCP connection of the captures.</summary>
internal static class CloseCommand
{
    private const int Success = 0;
    private const int InputFailed = 1;
    private const int Interrupted = 130; // 128 + SIGINT, as shells count

    public static Command Create()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "pcap or pcapng, plain or gzip; - reads standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<OutputFormat> format = new("--format", "-f") { Description = "table, list, json (one object a line) or csv", DefaultValueFactory = _ => OutputFormat.Table };
        Option<bool> verbose = new("--verbose", "-v") { Description = "say what became of the frames of each capture" };
        Option<int> maxConnections = new("--max-connections") { Description = "connections held open at once", DefaultValueFactory = _ => new AnalyzerOptions().MaxConnections };
        Option<double> linger = new("--linger") { Description = "seconds (of the capture's time) a closed connection waits for stragglers", DefaultValueFactory = _ => new AnalyzerOptions().Linger.TotalSeconds };
        maxConnections.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--max-connections must be at least 1");
        });
        linger.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 86_400))
                result.AddError("--linger must be from 0 to 86400 seconds");
        });

        Command command = new("close", "Reads captures and says how every TCP connection in them closed.") { files, format, verbose, maxConnections, linger };

        // On a thread of its own: the one that called listens for Ctrl+C.
        command.SetAction((result, cancellation) => Task.Run(
            () => Run(
                result.GetValue(files) ?? [],
                result.GetValue(format),
                result.GetValue(verbose),
                new AnalyzerOptions { MaxConnections = result.GetValue(maxConnections), Linger = TimeSpan.FromSeconds(result.GetValue(linger)) },
                cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Run(string[] files, OutputFormat format, bool verbose, AnalyzerOptions options, CancellationToken cancellation)
    {
        using Stream output = Console.OpenStandardOutput();
        RecordPool pool = new();
        using RecordPump pump = new(RecordWriter.Create(format, output), pool);
        using ProgressLine progress = new();
        options = options with { Progress = progress.Show, Pool = pool };
        int exitCode = Success;
        try
        {
            foreach (string file in files.SelectMany(FileNames.Expand))
            {
                if (Analyze(file, options, pump, verbose, progress, cancellation) is { } problem)
                {
                    progress.Clear();
                    Console.Error.WriteLine($"brokenpipe: {(problem.IsWarning ? "warning: " : "")}{problem.Id}: {problem.Message}");
                    exitCode = InputFailed;
                }
            }

            pump.Complete();
            return exitCode;
        }
        catch (OperationCanceledException)
        {
            pump.Complete();
            return Interrupted;
        }
        catch (OutputClosedException)
        {
            return Success; // whoever reads our output has seen enough
        }
    }

    private static CaptureProblem? Analyze(string file, AnalyzerOptions options, RecordPump pump, bool verbose, ProgressLine progress, CancellationToken cancellation)
    {
        try
        {
            using CloseAnalyzer analyzer = CloseAnalyzer.Open(file, options);
            bool isPipe = file == CaptureFile.StandardInput;
            while (analyzer.TryNext(out ConnectionClose? record, cancellation))
                pump.Add(record, flush: isPipe);
            if (verbose)
            {
                progress.Clear();
                Console.Error.WriteLine($"{file}: {CaptureSummary.Of(analyzer)}");
            }

            return CaptureProblem.From(analyzer, file);
        }
        catch (Exception e) when (CaptureProblem.From(e, file) is not null)
        {
            return CaptureProblem.From(e, file);
        }
    }
}
