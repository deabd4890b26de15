using System.CommandLine;
using System.CommandLine.Invocation;
using BrokenPipeTools.Cli;

const int WrongUsage = 2;

RootCommand root = new("Says how TCP connections closed, who closed them, and what that did to the programs at either end.")
{
    CloseCommand.Create(),
    InterfacesCommand.Create(),
    ScenarioCommand.Create(),
    ServeCommand.Create(),
    TeardownCommand.Create(),
};
root.HelpName = "brokenpipe"; // in place of the file's name, which may be another after a download

ParseResult parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction wrongUsage)
    wrongUsage.ShowHelp = false; // pages of help would push the error off the screen

// Help and errors go through the writers that every other output goes through.
using StringWriter text = new();
using StringWriter errors = new();
using Termination termination = new();
InvocationConfiguration configuration = new() { Output = text, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
int exitCode = await StandardOutput.GuardAsync(() => parsed.InvokeAsync(configuration, termination.Token)).ConfigureAwait(false);
int textExitCode = await StandardOutput.WriteAsync(text.ToString()).ConfigureAwait(false);
StandardError.Write(errors.ToString());
if (parsed.Errors.Count == 0)
    return Math.Max(exitCode, textExitCode);
string command = parsed.CommandResult.Command is RootCommand ? "brokenpipe" : $"brokenpipe {parsed.CommandResult.Command.Name}";
StandardError.WriteLine($"see {command} --help");
return WrongUsage;
