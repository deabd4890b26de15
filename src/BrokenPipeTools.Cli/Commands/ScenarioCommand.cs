using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO.Enumeration;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>brokenpipe scenario [NAME…]: runs scenarios, and prints the result of each as soon as it is complete.</summary>
internal static class ScenarioCommand
{
    private const string Description = """
        Breaks connections on this machine, and shows the result of every call and the packets.

        brokenpipe scenario WriteAfterClose --format list
        sudo brokenpipe scenario 'Firewall*' --capture lab

        The exit code is 1 if a scenario did not behave as expected; 130 after Ctrl+C; else 0.
        """;

    private const int Success = 0;

    public static Command Create()
    {
        Argument<string[]> names = new("NAME") { Description = "names, with * and ?; without names, all scenarios that need no privilege and can run here", Arity = ArgumentArity.ZeroOrMore, HelpName = "NAME" };
        Option<bool> list = new("--list", "-l") { Description = "list the scenarios, do not run them" };
        Option<bool> ipv6 = new("--ipv6", "-6") { Description = "use IPv6 in place of IPv4" };
        Option<string?> capture = new("--capture", "-w") { Description = "write each scenario's packets to this folder, as NAME.pcapng", HelpName = "DIR" };
        Option<bool> noCapture = new("--no-capture") { Description = "do not capture the packets" };
        Option<OutputFormat> format = FormatOption.Create();
        names.CompletionSources.Add(_ => ScenarioCatalog.All.Select(s => new System.CommandLine.Completions.CompletionItem(s.Name, detail: s.Summary)));
        names.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens.Where(token => !ScenarioCatalog.All.Any(scenario => Matches(token.Value, scenario))))
                result.AddError($"unknown scenario '{token.Value}'; {SimilarName.Hint(token.Value, ScenarioCatalog.All.Select(scenario => scenario.Name))}--list lists them");
        });
        capture.Validators.Add(result =>
        {
            if (result.GetValue(capture) is { } folder && CaptureFolder.ProblemOf(folder) is { } problem)
                result.AddError($"--capture {folder}: {problem}");
        });
        Command command = new("scenario", Description) { names, list, ipv6, capture, noCapture, format };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noCapture) && result.GetResult(capture) is not null)
                result.AddError("--capture and --no-capture exclude each other");
        });

        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            Scenario[] chosen = Choose(result.GetValue(names) ?? [], privileged: result.GetValue(list));
            if (result.GetValue(list))
                return List(chosen, new ObjectWriter<ScenarioInfo>(result.GetValue(format), output, ScenarioShapes.Info));
            using ScenarioTrace trace = ScenarioTrace.Start();
            ScenarioOptions options = new() { IPv6 = result.GetValue(ipv6), Trace = trace, CapturePath = result.GetValue(capture), CaptureLibrary = result.GetValue(noCapture) ? null : CaptureLibrary.Instance };
            return Run(chosen, new ScenarioRun(new ObjectWriter<ScenarioResult>(result.GetValue(format), output, ScenarioShapes.Result), options), cancellation);
        }));
        return command;
    }

    /// <summary>Returns the scenarios with these names. Without a name, returns those that need no privilege, or all if privileged is true.</summary>
    private static Scenario[] Choose(string[] names, bool privileged) => names.Length == 0
        ? [.. ScenarioCatalog.All.Where(scenario => privileged || !scenario.Needs.HasFlag(ScenarioNeeds.Root))]
        : [.. names.SelectMany(name => ScenarioCatalog.All.Where(scenario => Matches(name, scenario))).Distinct()];

    private static int Run(Scenario[] scenarios, ScenarioRun run, CancellationToken cancellation)
    {
        try
        {
            return run.Run(scenarios, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Termination.Interrupted;
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
