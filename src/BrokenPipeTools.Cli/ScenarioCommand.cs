using System.CommandLine;
using System.IO.Enumeration;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;

namespace BrokenPipeTools.Cli;

/// <summary><c>brokenpipe scenario [NAME…]</c>: plays scenarios, and prints what each showed as soon as it is done.</summary>
internal static class ScenarioCommand
{
    private const int Success = 0;
    private const int UnknownName = 2;
    private const int Interrupted = 130; // 128 + SIGINT, as shells count

    public static Command Create()
    {
        Argument<string[]> names = new("NAME") { Description = "names, with * and ?; without any, all that need no privilege and can be played here", Arity = ArgumentArity.ZeroOrMore, HelpName = "NAME" };
        Option<bool> list = new("--list", "-l") { Description = "list them in place of playing them" };
        Option<bool> ipv6 = new("--ipv6", "-6") { Description = "over IPv6 in place of IPv4" };
        Option<string?> capture = new("--capture", "-w") { Description = "the folder that keeps each scenario's packets", HelpName = "DIR" };
        Option<bool> noCapture = new("--no-capture") { Description = "do not look at the packets" };
        Option<OutputFormat> format = new("--format", "-f") { Description = "table, list, json (one object a line) or csv", DefaultValueFactory = _ => OutputFormat.Table };
        names.CompletionSources.Add(_ => ScenarioCatalog.All.Select(s => new System.CommandLine.Completions.CompletionItem(s.Name, detail: s.Summary)));
        Command command = new("scenario", "Breaks connections on this machine, and says what every call returned and what the packets show.") { names, list, ipv6, capture, noCapture, format };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noCapture) && result.GetValue(capture) is not null)
                result.AddError("--capture and --no-capture exclude each other");
        });

        // On a thread of its own: the one that called listens for Ctrl+C.
        command.SetAction((result, cancellation) => Task.Run(
            () => Run(
                result.GetValue(names) ?? [],
                result.GetValue(list),
                result.GetValue(format),
                new ScenarioOptions { IPv6 = result.GetValue(ipv6), CapturePath = result.GetValue(capture), Capture = !result.GetValue(noCapture) },
                cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Run(string[] names, bool list, OutputFormat format, ScenarioOptions options, CancellationToken cancellation)
    {
        if (names.Where(name => !ScenarioCatalog.All.Any(scenario => Matches(name, scenario))).ToArray() is { Length: > 0 } unknown)
        {
            foreach (string name in unknown)
                Console.Error.WriteLine($"brokenpipe: {name}: no such scenario; --list lists them");
            return UnknownName;
        }

        Scenario[] chosen = names.Length == 0
            ? [.. ScenarioCatalog.All.Where(scenario => list || !scenario.Needs.HasFlag(ScenarioNeeds.Root))]
            : [.. names.SelectMany(name => ScenarioCatalog.All.Where(scenario => Matches(name, scenario))).Distinct()];
        using Stream output = Console.OpenStandardOutput();
        try
        {
            return list
                ? List(chosen, new ObjectWriter<ScenarioInfo>(format, output, ScenarioShapes.Info))
                : new ScenarioRun(new ObjectWriter<ScenarioResult>(format, output, ScenarioShapes.Result), options).Play(chosen, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (OutputClosedException)
        {
            return Success; // whoever reads our output has seen enough
        }
    }

    private static int List(Scenario[] scenarios, ObjectWriter<ScenarioInfo> writer)
    {
        foreach (Scenario scenario in scenarios)
            writer.Write(ScenarioInfo.Of(scenario));
        return Success;
    }

    private static bool Matches(string name, Scenario scenario) => FileSystemName.MatchesSimpleExpression(name, scenario.Name);
}
