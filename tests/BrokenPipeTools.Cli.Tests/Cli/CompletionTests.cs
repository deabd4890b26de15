using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Completion: the words, and the scripts in the shells that are installed.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("brokenpipe ", "close compare completion counters extract interfaces scenario serve sockets summary teardown trace")]
    [InlineData("./brokenpipe cl", "close")]
    [InlineData("brokenpipe close ", "")] // files
    [InlineData("brokenpipe close a.pcap --f", "--filter --force --format")]
    [InlineData("brokenpipe close --format ", "csv json list table")]
    [InlineData("brokenpipe close --format j", "json")]
    [InlineData("brokenpipe close --format=j", "--format=json")]
    [InlineData("brokenpipe close --format=", "--format=csv --format=json --format=list --format=table")]
    [InlineData("brokenpipe close --cause Half", "HalfClose")]
    [InlineData("brokenpipe close --state Re", "Refused Reset")]
    [InlineData("brokenpipe close --write ", "")]
    [InlineData("brokenpipe close \"a b.pcap\" -f js", "json")]
    [InlineData("brokenpipe serve unix", "UnixSink")]
    [InlineData("brokenpipe scenario PipeR", "PipeReaderGone")]
    [InlineData("brokenpipe teardown h 80 --probe half", "HalfClose")]
    [InlineData("brokenpipe summary x.pcap --fail-on Middle", "MiddleboxReset")]
    [InlineData("brokenpipe completion ", "bash fish pwsh zsh")]
    public void A_word_is_completed(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Completions.Find(CommandTree.Create(), text).Select(one => one.Text).Order(StringComparer.Ordinal)));

    [Fact]
    public void Causes_are_described() =>
        Assert.All(Completions.Find(CommandTree.Create(), "brokenpipe close --cause "), one => Assert.NotEmpty(one.Description));

    [Theory]
    [InlineData("brokenpipe close --fo", "--force --format")]
    [InlineData("brokenpipe close --format=j", "json")]
    [InlineData("brokenpipe close --format ", "table list json csv")]
    [InlineData("brokenpipe compl", "completion")]
    [InlineData("brokenpipe close ", "")]
    public void The_script_of_bash_works(string line, string words)
    {
        if (!File.Exists("/bin/bash"))
            return;
        const string Script = """
            eval "$("$1" completion bash)"
            COMP_LINE=$2 COMP_POINT=${#2}
            read -ra COMP_WORDS <<< "${COMP_LINE//=/ = }"
            [[ $COMP_LINE == *[\ =] ]] && COMP_WORDS+=('')
            COMP_WORDS[0]=$1
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            $(complete -p brokenpipe | sed 's/.*-F \([^ ]*\) .*/\1/')
            echo "${COMPREPLY[@]}"
            """;
        Assert.Equal(words.Split(' ').Order(), Run("/bin/bash", "-c", Script, "bash", Program, line).Split(' ').Order());
    }

    [Theory]
    [InlineData("close --format j", "json")]
    [InlineData("close --format=j", "--format=json")]
    public void The_script_of_fish_works(string line, string words)
    {
        if (!File.Exists("/usr/bin/fish"))
            return;
        Assert.Equal(words, Run("/usr/bin/fish", "--no-config", "-c", $"{Program} completion fish | source; complete -C '{Program} {line}'"));
    }

    [Theory]
    [InlineData("/usr/bin/zsh", "zsh", "-n")]
    [InlineData("/bin/bash", "bash", "-n")]
    [InlineData("/usr/bin/fish", "fish", "-n")]
    public void A_shell_parses_its_script(string shell, string name, string checkOnly)
    {
        if (!File.Exists(shell))
            return;
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, CompletionScripts.All[name]);
        Assert.Equal("", Run(shell, checkOnly, file));
    }

    /// <summary>A file with the name that the scripts complete, which starts the program under test.</summary>
    private string Program
    {
        get
        {
            string path = Path.Combine(_folder, "brokenpipe");
            if (!File.Exists(path))
            {
                File.WriteAllText(path, $"#!/bin/sh\nexec {string.Join(' ', Brokenpipe.Words.Select(word => $"'{word}'"))} \"$@\"\n");
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return path;
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        ProgramResult result = ChildProgram.Run(program, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return result.Output.Trim();
    }
}
