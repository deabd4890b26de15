using System.CommandLine;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis.Timers;
using BrokenPipeTools.Probes;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>
/// <c>brokenpipe teardown HOST PORT…</c>: connects, and prints how each port closes. This is a result, never an error. The exit code is 1 if a probe could
/// not be made (the name has no address, or this machine has no free sockets), or with --quiet if a probe did not pass.
/// </summary>
internal static class TeardownCommand
{
    private const string Description = """
        Connects to HOST and measures how it closes: FIN or RST, after which time, and the results of the next read and writes.

        brokenpipe teardown example.org 443 --probe Idle --tls --http-path / --wait 120
        brokenpipe teardown db1 5432 6432 --probe Connect

        The exit code is 1 if a probe could not be made, or with --quiet if one did not pass; 130 after Ctrl+C; else 0.
        """;

    private const int Success = 0;
    private const int Failed = 1;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        Command command = new("teardown", Description);
        TeardownArguments arguments = new(command);
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            if (Read(arguments, result, out int exitCode) is not { } options)
                return exitCode;
            ObjectWriter<TeardownTest>? writer = result.GetValue(arguments.Quiet) ? null : new(result.GetValue(arguments.Format), output, TeardownShape.Test);
            return Run(arguments.TargetsOf(result), options, writer, result.GetValue(arguments.Verbose), cancellation);
        }));
        return command;
    }

    private static int Run(IEnumerable<TeardownTarget> targets, TeardownOptions options, ObjectWriter<TeardownTest>? writer, bool verbose, CancellationToken cancellation)
    {
        using ProgressLine progress = new();
        using TeardownRun run = new(options, cancellation);
        int added = 0;
        foreach (TeardownTarget target in targets)
        {
            run.Add(target);
            added++;
        }

        run.Complete();
        writer?.Begin();
        int exitCode = Success;
        while (!run.IsFinished)
        {
            if (!run.TryTake(Pause, out TeardownTest? test))
            {
                progress.Show(new TeardownProgress(added, run.Unfinished, run.Activities).ToString());
                continue;
            }

            progress.Clear();
            if (verbose)
                Tell(test);
            writer?.Write(test);
            bool isWell = writer is null ? TeardownPass.Of(test) : test.Status is not (TeardownStatus.NameNotResolved or TeardownStatus.LocalFailure);
            if (!isWell)
                exitCode = Failed;
        }

        return cancellation.IsCancellationRequested ? Termination.Interrupted : exitCode;
    }

    private static void Tell(TeardownTest test)
    {
        foreach (SocketStep step in test.Steps)
            StandardError.WriteLine($"{new EndpointText(test.ComputerName, test.Port)} {test.Probe}: {step}");
    }

    /// <summary>Reads the options. If they make a probe impossible, reports the reason and returns null.</summary>
    private static TeardownOptions? Read(TeardownArguments arguments, ParseResult result, out int exitCode)
    {
        exitCode = Failed;
        try
        {
            return arguments.OptionsOf(result);
        }
        catch (TimerFileException e)
        {
            StandardError.WriteLine($"brokenpipe: TimerFileInvalid: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StandardError.WriteLine($"brokenpipe: PayloadReadFailed: {e.Message}");
        }
        catch (ArgumentException e)
        {
            exitCode = UsageError.Report(result.CommandResult.Command, e.Message);
        }

        return null;
    }
}
