using System.CommandLine;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>All commands, with the rules that hold for every option of each.</summary>
internal static class CommandTree
{
    /// <summary>"@cap.pcap" is the name of a file: the parser's response files are off.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    public static RootCommand Create()
    {
        RootCommand root = new("Shows how TCP connections closed, which side closed them, and the effect on the programs at both ends.")
        {
            CloseCommand.Create(),
            CompareCommand.Create(),
            CompletionCommand.Create(),
            CountersCommand.Create(),
            ExtractCommand.Create(),
            InterfacesCommand.Create(),
            ScenarioCommand.Create(),
            ServeCommand.Create(),
            SocketsCommand.Create(),
            SummaryCommand.Create(),
            TeardownCommand.Create(),
            TraceCommand.Create(),
        };
        root.Add(CompletionCommand.CreateComplete(root));
        root.HelpName = "brokenpipe"; // in place of the file's name, which a download may have changed
        foreach (Option option in root.Subcommands.SelectMany(command => command.Options).Where(option => option.ValueType == typeof(bool)))
            option.Arity = ArgumentArity.Zero; // in place of "--force false"
        return root;
    }
}
