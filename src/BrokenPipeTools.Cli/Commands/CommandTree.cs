using System.CommandLine;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>Makes the tree of all commands, and applies the rules that hold for every option.</summary>
internal static class CommandTree
{
    /// <summary>The settings of the parser. Response files are off, because "@cap.pcap" is the name of a file.</summary>
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
        root.HelpName = "brokenpipe"; // the name of the file may have been changed by a download
        foreach (Option option in root.Subcommands.SelectMany(command => command.Options).Where(option => option.ValueType == typeof(bool)))
            option.Arity = ArgumentArity.Zero; // so that "--force false" is not allowed
        return root;
    }

    /// <summary>Removes the examples and exit codes of the commands, for the list of all commands.</summary>
    public static void KeepSummaries(RootCommand root)
    {
        foreach (Command command in root.Subcommands)
            command.Description = SummaryOf(command);
    }

    /// <summary>Returns the first paragraph of a command's description.</summary>
    public static string? SummaryOf(Command command) => command.Description?.Split("\n\n")[0];
}
