using BrokenPipeTools.Cli;

try
{
    return await CommandLine.RunAsync(args).ConfigureAwait(false);
}
catch (Exception e)
{
    return LastResort.Report(e);
}
