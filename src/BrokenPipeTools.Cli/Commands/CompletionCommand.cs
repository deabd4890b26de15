using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Cli.Commands;

/// <summary><c>brokenpipe completion SHELL</c>: prints the script with which a shell completes this command line.</summary>
internal static class CompletionCommand
{
    private const int Success = 0;

    private const string Description = """
        Prints a script that completes commands, options and their values with Tab.

        bash       eval "$(brokenpipe completion bash)"                         in ~/.bashrc
        zsh        eval "$(brokenpipe completion zsh)"                          in ~/.zshrc, after compinit
        fish       brokenpipe completion fish | source                          in config.fish
        PowerShell brokenpipe completion pwsh | Out-String | Invoke-Expression  in $PROFILE
        """;

    public static Command Create()
    {
        Argument<string> shell = new("SHELL") { Description = string.Join(", ", CompletionScripts.All.Keys), HelpName = "SHELL" };
        shell.CompletionSources.Add([.. CompletionScripts.All.Keys]);
        shell.Validators.Add(result =>
        {
            if (!CompletionScripts.All.ContainsKey(result.Tokens[0].Value))
                result.AddError(SimilarName.Describe("shell", result.Tokens[0].Value, [.. CompletionScripts.All.Keys]));
        });
        Command command = new("completion", Description) { shell };
        command.SetAction(result => Print(CompletionScripts.All[result.GetValue(shell)!]));
        return command;
    }

    /// <summary>
    /// Makes the command that the completion scripts call: brokenpipe complete TEXT, where TEXT is the command line up to the cursor. It prints one
    /// completion per line, with its description after a tab. If it prints none, the shell completes file names.
    /// </summary>
    /// <param name="root">All commands.</param>
    public static Command CreateComplete(RootCommand root)
    {
        Argument<string> text = new("TEXT") { HelpName = "TEXT" };
        Command command = new("complete") { text };
        command.Hidden = true;
        command.SetAction(result => Print(string.Concat(Completions.Find(root, result.GetValue(text)!).Select(one => $"{one.Text}\t{one.Description}\n"))));
        return command;
    }

    private static Task<int> Print(string text) => StandardOutput.UseAsync(output =>
    {
        StandardOutput.Write(output, Encoding.UTF8.GetBytes(text));
        return Success;
    });
}
