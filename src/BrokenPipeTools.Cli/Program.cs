using System.CommandLine;
using System.CommandLine.Help;
using BrokenPipeTools.Cli;

DiagnosticPort.Remove();

const int WidestHelp = 100;

ParseResult parsed = CommandTree.Create().Parse(args, CommandTree.Parsing);
if (UsageError.Find(parsed, args) is { } problem)
    return UsageError.Report(parsed.CommandResult.Command, problem);
if (parsed.Action is HelpAction help)
    help.MaxWidth = Console.IsOutputRedirected ? WidestHelp : Math.Min(WidestHelp, Terminal.Width());

// Help and errors go through the writers that every other output goes through.
using StringWriter text = new();
using StringWriter errors = new();
using Termination termination = new();
InvocationConfiguration configuration = new() { Output = text, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
int exitCode = await StandardOutput.GuardAsync(() => parsed.InvokeAsync(configuration, termination.Token)).ConfigureAwait(false);
int textExitCode = await StandardOutput.WriteAsync(text.ToString()).ConfigureAwait(false);
StandardError.Write(errors.ToString());
return Math.Max(exitCode, textExitCode);
