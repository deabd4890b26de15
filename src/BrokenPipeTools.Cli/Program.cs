using System.CommandLine;
using System.CommandLine.Help;
using BrokenPipeTools.Cli;

DiagnosticPort.Remove();

// After an interrupt: what is at work stops within a fraction of a second, but a live capture still has its open connections to write.
TimeSpan Patience = TimeSpan.FromSeconds(3);

const int WidestHelp = 100;

ParseResult parsed = CommandTree.Create().Parse(args, CommandTree.Parsing);
if (UsageError.Find(parsed, args) is { } problem)
    return UsageError.Report(parsed.CommandResult.Command, problem);
if (parsed.Action is HelpAction help)
    help.MaxWidth = Console.IsOutputRedirected ? WidestHelp : Math.Min(WidestHelp, Terminal.Width());
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Patience }).ConfigureAwait(false);
