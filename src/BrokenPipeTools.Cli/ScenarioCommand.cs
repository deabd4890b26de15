using System.CommandLine;
using System.IO.Enumeration;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Scenarios;
using BrokenPipeTools.SharpPcap.Live;

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
        Option<OutputFormat> format = FormatOption.Create();
        names.CompletionSources.Add(_ => ScenarioCatalog.All.Select(s => new System.CommandLine.Completions.CompletionItem(s.Name, detail: s.Summary)));
        Command command = new("scenario", "Breaks connections on this machine, and says what every call returned and what the packets show.") { names, list, ipv6, capture, noCapture, format };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noCapture) && result.GetValue(capture) is not null)
                result.AddError("--capture and --no-capture exclude each other");
        });

        command.SetAction((result, cancellation) => StandardOutput.UseAsync(output =>
        {
            if (Choose(result.GetValue(names) ?? [], privileged: result.GetValue(list)) is not { } chosen)
                return UnknownName;
            if (result.GetValue(list))
                return List(chosen, new ObjectWriter<ScenarioInfo>(result.GetValue(format), output, ScenarioShapes.Info));
            ScenarioOptions options = new() { IPv6 = result.GetValue(ipv6), CapturePath = result.GetValue(capture), CaptureLibrary = result.GetValue(noCapture) ? null : CaptureLibrary.Instance };
            return Play(chosen, new ScenarioRun(new ObjectWriter<ScenarioResult>(result.GetValue(format), output, ScenarioShapes.Result), options), cancellation);
        }));
        return command;
    }

    /// <summary>Those named; without a name all, or all that need no privilege. Null where nothing has a name that was given, which is said.</summary>
    private static Scenario[]? Choose(string[] names, bool privileged)
    {
        string[] unknown = [.. names.Where(name => !ScenarioCatalog.All.Any(scenario => Matches(name, scenario)))];
        foreach (string name in unknown)
            StandardError.WriteLine($"brokenpipe: {name}: no such scenario; --list lists them");
        if (unknown.Length > 0)
            return null;
        return names.Length == 0
            ? [.. ScenarioCatalog.All.Where(scenario => privileged || !scenario.Needs.HasFlag(ScenarioNeeds.Root))]
            : [.. names.SelectMany(name => ScenarioCatalog.All.Where(scenario => Matches(name, scenario))).Distinct()];
    }

    private static int Play(Scenario[] scenarios, ScenarioRun run, CancellationToken cancellation)
    {
        try
        {
            return run.Play(scenarios, cancellation);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
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
