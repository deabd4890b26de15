using System.CommandLine;
using System.CommandLine.Help;
using BrokenPipeTools.Capture.Files;
using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.SharpPcap.Compression;

namespace BrokenPipeTools.Cli;

/// <summary>Parses and runs the command line.</summary>
internal static class CommandLine
{
    private const int WidestHelp = 100;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        DiagnosticPort.Remove();
        CaptureFile.Decompressor = FrameDecompressor.Instance;
        ParseResult parsed = CommandTree.Create().Parse(args, CommandTree.Parsing);
        if (UsageError.Find(parsed, args) is { } problem)
            return UsageError.Report(parsed.CommandResult.Command, problem);
        if (parsed.Action is HelpAction help)
        {
            help.MaxWidth = Console.IsOutputRedirected ? WidestHelp : Math.Min(WidestHelp, Terminal.Width());
            if (parsed.CommandResult.Command is RootCommand root)
                CommandTree.KeepSummaries(root);
        }

        // Help and completions are collected as text, so that the writer of all other output writes them too.
        using StringWriter text = new();
        using Termination termination = new();
        InvocationConfiguration configuration = new() { Output = text, Error = TextWriter.Null, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        int commandCode = await StandardOutput.GuardAsync(() => parsed.InvokeAsync(configuration, termination.Token)).ConfigureAwait(false);
        return Math.Max(termination.ExitCodeFor(commandCode), await StandardOutput.WriteAsync(text.ToString()).ConfigureAwait(false));
    }
}
