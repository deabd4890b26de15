using System.CommandLine;
using System.CommandLine.Invocation;
using BrokenPipeTools.Cli;

DiagnosticPort.Remove();

const int WrongUsage = 2;

// After an interrupt: what is at work stops within a fraction of a second, but a live capture still has its open connections to write.
TimeSpan Patience = TimeSpan.FromSeconds(3);

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
int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Patience }).ConfigureAwait(false);
if (parsed.Errors.Count == 0)
    return exitCode;
string command = parsed.CommandResult.Command is RootCommand ? "brokenpipe" : $"brokenpipe {parsed.CommandResult.Command.Name}";
await Console.Error.WriteLineAsync($"see {command} --help").ConfigureAwait(false);
return WrongUsage;
