using System.CommandLine;
using BrokenPipeTools.Cli;

const int WrongUsage = 2;

RootCommand root = new("Says how TCP connections closed, who closed them, and what that did to the programs at either end.")
{
    CloseCommand.Create(),
    ServeCommand.Create(),
};

ParseResult parsed = root.Parse(args);
int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(1) }).ConfigureAwait(false);
return parsed.Errors.Count > 0 ? WrongUsage : exitCode;
