using System.CommandLine;
using BrokenPipeTools.Cli;

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

ParseResult parsed = root.Parse(args);
int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Patience }).ConfigureAwait(false);
return parsed.Errors.Count > 0 ? WrongUsage : exitCode;
