using System.CommandLine;
using BrokenPipeTools.Cli;

RootCommand root = new("Says how TCP connections closed, who closed them, and what that did to the programs at either end.")
{
    CloseCommand.Create(),
};

return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(1) }).ConfigureAwait(false);
