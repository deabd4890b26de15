using System.CommandLine;
using System.IO.Enumeration;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>
/// brokenpipe counters: prints the kernel's counters, or their change over a time or while a command runs. With a command, the exit code is that of
/// the command. The output of the command goes to standard error, so that standard output contains only the counters.
/// </summary>
internal static class CountersCommand
{
    private const string Description = """
        Lists the kernel's counters of aborted connections, full queues, drops and memory pressure (Linux).

        brokenpipe counters --duration 60
        brokenpipe counters --name 'TCPAbort*' -- curl -s http://localhost:8080/

        The exit code is 0, or that of the command; 1 if the counters cannot be read; 130 after Ctrl+C.
        """;

    private const int Success = 0;
    private const int Failed = 1;
    private const double LongestTime = 7 * 86_400;

    public static Command Create()
    {
        Argument<string[]> words = new("COMMAND") { Description = "count while this command runs; put -- before it. Its output goes to standard error; brokenpipe ends with its exit code", Arity = ArgumentArity.ZeroOrMore, HelpName = "COMMAND" };
        Option<double?> duration = NumberOption.OptionalSeconds("--duration", "count for this number of seconds", 0, LongestTime);
        Option<string[]> names = new("--name") { Description = "only counters of this name, changed or not, * and ? allowed (may be given again)", HelpName = "NAME" };
        Option<string?> place = new("--network-namespace") { Description = "counters of another network namespace: the id of a process in it, or (as root) a path such as /run/netns/blue", HelpName = "NAMESPACE" };
        Option<bool> all = new("--all", "-a") { Description = "every TCP counter, also those that did not change, and those without a description" };
        Option<OutputFormat> format = FormatOption.Create();
        names.CompletionSources.Add(_ => CounterCatalog.All.Select(one => new System.CommandLine.Completions.CompletionItem(one.Name, detail: one.Meaning)));
        Command command = new("counters", Description) { words, duration, names, place, all, format };
        command.Validators.Add(result =>
        {
            if (result.GetResult(duration) is not null && result.GetResult(words) is { Tokens.Count: > 0 })
                result.AddError("--duration and COMMAND exclude each other");
        });
        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            Counting counting = new(result.GetValue(words) ?? [], result.GetValue(duration), cancellation);
            string[] wanted = result.GetValue(names) ?? [];
            return Run(counting, result.GetValue(place), counter => wanted.Length > 0 ? wanted.Any(name => Matches(name, counter)) : result.GetValue(all) || counter.IsNotable(), result.GetValue(format), output);
        }));
        return command;
    }

    private static int Run(Counting counting, string? place, Func<TcpAbortCounter, bool> isWanted, OutputFormat format, Stream output)
    {
        try
        {
            using TcpCounterSource source = TcpCounterSource.Open(place);
            ObjectWriter<TcpAbortCounter> writer = new(format, output, CounterShape.Of(counting.IsNeeded));
            TcpCounterReading now = source.Read();
            int exitCode = counting.IsNeeded ? counting.Run() : Success;
            writer.Begin();
            foreach (TcpAbortCounter counter in (counting.IsNeeded ? source.Read().List(now) : now.List()).Where(isWanted))
                writer.Write(counter);
            return exitCode;
        }
        catch (CounterException e)
        {
            StandardError.WriteLine($"brokenpipe: {e.Id}: {e.Message}");
            return Failed;
        }
    }

    private static bool Matches(string name, TcpAbortCounter counter) => FileSystemName.MatchesSimpleExpression(name, counter.Name);
}
