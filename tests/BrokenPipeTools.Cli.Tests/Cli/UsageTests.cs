using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;
using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Cli.Options;
using BrokenPipeTools.Diagnosis;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Tests every option of every command, including future ones, with every kind of mistake: it enumerates the command tree.</summary>
public sealed class UsageTests
{
    /// <summary>A valid value for each argument. The test fails for an argument that is missing here.</summary>
    private static readonly Dictionary<string, string> ValidArguments = new()
    {
        ["FILE"] = "x.pcap",
        ["NAME"] = "*",
        ["BEHAVIOR"] = "HttpHtml",
        ["HOST"] = "localhost",
        ["PORT"] = "1",
        ["SHELL"] = "bash",
        ["TEXT"] = "brokenpipe close ",
        ["COMMAND"] = "true",
        ["REFERENCE"] = "x.pcap",
        ["DIFFERENCE"] = "y.pcap",
    };

    private static readonly string[] NotNumbers = ["abc", "1,5", "1 000", "0x10", "NaN", "-1e9", "1e400", "99999999999999999999", "5s"];

    public static TheoryData<string> Commands => [.. CommandTree.Create().Subcommands.Select(command => command.Name)];

    public static TheoryData<string, string> Options => Walk(_ => true);

    public static TheoryData<string, string> Switches => Walk(IsSwitch);

    public static TheoryData<string, string> ValueOptions => Walk(option => !IsSwitch(option));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Valid_arguments_have_no_error(string command) => Assert.Null(Find([.. Valid(command)]));

    [Theory]
    [MemberData(nameof(ValueOptions))]
    public void A_missing_or_empty_value_is_an_error(string command, string option)
    {
        string[] valid = Valid(command, without: option);
        AssertError(option, [.. valid, option]);
        AssertError(option, [.. valid, option, ""]);
        AssertError(option, [.. valid, $"{option}="]);
        AssertError(option, [command, $"{option}=", .. valid[1..]]);
    }

    [Theory]
    [MemberData(nameof(ValueOptions))]
    public void A_value_of_another_type_is_an_error(string command, string option)
    {
        Type type = OptionOf(command, option).ValueType;
        if (type == typeof(string) || type == typeof(string[]))
            return; // any text
        foreach (string value in NotNumbers)
            AssertError(option, [.. Valid(command), option, value]);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void A_switch_takes_no_value(string command, string option)
    {
        AssertError(option, [.. Valid(command), $"{option}=true"]);
        AssertError(option, [.. Valid(command), $"{option}:abc"]);
        AssertError(option, [.. Valid(command), $"{option}="]);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_unknown_option_is_an_error_unless_it_stands_after_two_dashes(string command)
    {
        foreach (string unknown in new[] { "--nope", "--nope=3", "-Z", "-Z3", "---" })
            AssertError("unknown option '-", [.. Valid(command), unknown]);
        AssertError("unknown option '--nope'", ["--nope", .. Valid(command)]);
        if (CommandOf(command).Arguments.Any(argument => argument.Arity.MaximumNumberOfValues > 1 && argument.ValueType == typeof(string[])))
            Assert.DoesNotContain("unknown option", Find([.. Valid(command), "--", "--nope"]) ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a command is missing")]
    [InlineData("unknown command 'nope'", "nope")]
    [InlineData("unknown command 'clos'; similar: close", "clos", "x.pcap")]
    [InlineData("unknown option '--formt'; similar: --format", "close", "x.pcap", "--formt", "csv")]
    [InlineData("unknown option '-port'; similar: --port", "close", "x.pcap", "-port", "80")]
    [InlineData("--format: unknown format 'jsn'; similar: json; valid: table", "close", "x.pcap", "--format", "jsn")]
    [InlineData("--cause: unknown cause 'MidleboxReset'; similar: MiddleboxReset; valid: ", "close", "x.pcap", "--cause", "MidleboxReset")]
    [InlineData("--fail-on: unknown cause 'SilentDrob'; similar: SilentDrop; valid: ", "summary", "x.pcap", "--fail-on", "SilentDrob:5")]
    [InlineData("--probe: unknown probe 'Idel'; similar: Idle; valid: ", "teardown", "localhost", "80", "--probe", "Idel")]
    [InlineData("unknown scenario 'WriteAfterClos'; similar: WriteAfterClose; --list lists them", "scenario", "WriteAfterClos")]
    [InlineData("unknown behavior 'ResetAfterRequst'; similar: ResetAfterRequest; valid: ", "serve", "ResetAfterRequst")]
    [InlineData("unknown shell 'bahs'; similar: bash; valid: ", "completion", "bahs")]
    [InlineData("--to is missing", "extract", "x.pcap")]
    [InlineData("unknown argument 'x'", "interfaces", "x")]
    [InlineData("PORT is missing", "teardown", "localhost")]
    [InlineData("HOST is missing", "teardown")]
    [InlineData("HOST: '' is not", "teardown", "", "80")]
    [InlineData("HOST: 'http://a/' is not", "teardown", "http://a/", "80")]
    [InlineData("PORT: '' is not", "teardown", "localhost", "")]
    [InlineData("PORT: 'http' is not", "teardown", "localhost", "http")]
    [InlineData("PORT: 0 is out of range, from 1 to 65535", "teardown", "localhost", "0")]
    [InlineData("unknown behavior ''", "serve", "")]
    [InlineData("unknown behavior '3'", "serve", "3")]
    [InlineData("unknown scenario ''", "scenario", "")]
    [InlineData("--linger: '1,5' is not a number of seconds; write decimals with a point", "close", "x.pcap", "--linger", "1,5")]
    [InlineData("--linger: 86401 is out of range, from 0 to 86400", "close", "x.pcap", "--linger", "86401")]
    [InlineData("--linger: one value is expected, not 2", "close", "x.pcap", "--linger", "1", "--linger", "2")]
    [InlineData("--max-connections: 0 is out of range", "close", "x.pcap", "--max-connections", "0")]
    [InlineData("--format: unknown format '3'; valid: table, list, json, csv", "close", "x.pcap", "-f", "3")]
    [InlineData("--local-address: '1.2.3' is not an IP address", "close", "x.pcap", "--local-address", "1.2.3")]
    [InlineData("--local-address: '010.0.0.1' is not an IP address", "close", "x.pcap", "--local-address", "010.0.0.1")]
    [InlineData("--cause: unknown cause '*Nope'; valid: AbortiveClose, ", "close", "x.pcap", "--cause", "NormalClose", "--cause", "*Nope")]
    [InlineData("--cause: unknown cause '3'; valid: ", "close", "x.pcap", "--cause", "3")]
    [InlineData("--state: unknown state 'Shut'; valid: Open, Graceful, ", "close", "x.pcap", "--state", "Shut")]
    [InlineData("--address: '10.0.0.0/33' is not an IP address or prefix", "close", "x.pcap", "--address", "10.0.0.0/33")]
    [InlineData("--port: 65536 is out of range, from 0 to 65535", "close", "x.pcap", "--port", "65536")]
    [InlineData("--after: '21.11.2026' is not a time; write 2026-11-21, ", "close", "x.pcap", "--after", "21.11.2026")]
    [InlineData("--before is earlier than --after", "close", "x.pcap", "--after", "2026-11-21T09:00:00Z", "--before", "2026-11-21T09:59:59+01:00")]
    [InlineData("--contains: the value is empty", "close", "x.pcap", "--contains", "")]
    [InlineData("FILE is missing", "summary")]
    [InlineData("--fail-on: unknown cause 'Bug'; valid: ", "summary", "x.pcap", "--fail-on", "NormalClose,Bug:2")]
    [InlineData("--fail-on: 'x' is not a whole number of connections", "summary", "x.pcap", "--fail-on", "NormalClose:x")]
    [InlineData("--top: 0 is out of range, from 1 to 10000", "summary", "x.pcap", "--top", "0")]
    [InlineData("--duration and COMMAND exclude each other", "counters", "--duration", "1", "--", "true")]
    [InlineData("unknown option '-x'", "counters", "tool", "-x")]
    [InlineData("unknown option '-x'", "close", "x.pcap", "-vx")]
    public void The_error_names_the_mistake(string error, params string[] arguments) => AssertError(error, arguments);

    /// <summary>The list of all commands has one sentence for each; the help of a command has examples, which can be used as they are, and exit codes.</summary>
    [Fact]
    public void Each_command_has_examples_that_parse_and_exit_codes_and_the_list_has_neither()
    {
        RootCommand root = CommandTree.Create();
        foreach (Command command in root.Subcommands.Where(command => !command.Hidden))
        {
            string[] lines = command.Description!.Split('\n');
            string[] examples = [.. lines.Where(line => line.Contains("brokenpipe ", StringComparison.Ordinal)).Select(line => line[line.IndexOf("brokenpipe ", StringComparison.Ordinal)..])];
            Assert.True(examples.Length > 1 || command.Arguments.Count == 0, command.Name);
            if (command.Name != "completion") // its examples are for four shells
                Assert.All(examples, example => Assert.Null(Find([.. WordsOf(example)])));
            Assert.Equal(command.Name is not ("completion" or "interfaces"), command.Description!.Contains("exit code is", StringComparison.Ordinal));
        }

        CommandTree.KeepSummaries(root);
        Assert.All(root.Subcommands.Where(command => !command.Hidden), command => Assert.DoesNotContain('\n', command.Description!));
    }

    /// <summary>Splits an example as a shell does, up to a pipe or a redirection.</summary>
    private static IEnumerable<string> WordsOf(string example) =>
        Regex.Matches(example.Split([" |", " >"], StringSplitOptions.None)[0], "'([^']*)'|\\S+").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value).Skip(1);

    [Theory]
    [InlineData("PORT: '80,81' is not a whole number", "teardown", "localhost", "80,81")]
    [InlineData("--count: '1,5' is not a whole number", "teardown", "localhost", "80", "--count", "1,5")]
    [InlineData("--throttle: '1,5' is not a whole number", "teardown", "localhost", "80", "--throttle", "1,5")]
    [InlineData("--keepalive: '1,5' is not a whole number of seconds", "teardown", "localhost", "80", "--keepalive", "1,5")]
    [InlineData("--max-connections: '1,5' is not a whole number", "close", "x.pcap", "--max-connections", "1,5")]
    [InlineData("--port: '8,0' is not a whole number", "serve", "HalfClose", "--port", "8,0")]
    public void The_error_for_a_whole_number_does_not_mention_decimals(string error, params string[] arguments) => Assert.Equal(error, Find(arguments));

    [Theory]
    [InlineData("close", "@x.pcap")]
    [InlineData("close", "-")]
    [InlineData("close", "--", "--nope", "-v")]
    [InlineData("close", "-vfcsv", "x.pcap", "--linger=0.5", "--cause", "NormalClose")]
    [InlineData("close", "x.pcap", "--address", "10.0.0.5/8", "--port", "80", "--port", "443", "--state", "re*", "--after", "2026-11-21 09:00", "--before", "2026-11-22", "--contains", "id=1")]
    [InlineData("close", "-i", "lo", "--filter", "--odd", "--duration:1e-3")]
    [InlineData("counters", "--name", "TCPAbort*", "--duration", "0.5")]
    [InlineData("counters", "-f", "csv", "--", "curl", "-s", "--duration", "x")]
    [InlineData("sockets", "--process-name", "ngin*", "--process-id", "1", "--state", "close*", "--port", "443", "-f", "csv")]
    [InlineData("scenario", "-l6f", "csv")]
    [InlineData("serve", "reset-on-accept", "--address", "fe80::1%2")]
    public void Right_usage_has_no_error(params string[] arguments) => Assert.Null(Find(arguments));

    [Theory]
    [InlineData("*close", "AbortiveClose, DataAfterOwnClose, HalfClose, NormalClose, WriteAfterPeerClose")]
    [InlineData("?alfClose", "HalfClose")]
    [InlineData("NORMALCLOSE", "NormalClose")]
    public void Causes_are_chosen_with_wildcards_as_scenarios_are(string pattern, string causes) =>
        Assert.Equal(causes, string.Join(", ", CommandTree.Create().Parse(["close", "x.pcap", "--cause", pattern, "--cause", pattern], CommandTree.Parsing).GetValue<Cause[]>("--cause")!));

    [Fact]
    public void Values_are_read_in_one_way_in_every_culture() =>
        Assert.Equal(0.5, CommandTree.Create().Parse(["close", "x.pcap", "--linger", "0.5"], CommandTree.Parsing).GetValue<double?>("--linger"));

    private static TheoryData<string, string> Walk(Func<Option, bool> wanted)
    {
        TheoryData<string, string> all = [];
        foreach (Command command in CommandTree.Create().Subcommands)
        {
            foreach (Option option in command.Options.Where(option => option is not HelpOption && wanted(option)))
                all.Add(command.Name, option.Name);
        }

        return all;
    }

    private static bool IsSwitch(Option option) => option.ValueType == typeof(bool);

    private static string[] Valid(string command, string? without = null) =>
    [
        command,
        .. CommandOf(command).Arguments.Select(argument => ValidArguments[argument.Name]),
        .. CommandOf(command).Options.Where(option => option.Required && option.Name != without).SelectMany(option => new[] { option.Name, "a.md" }),
    ];

    private static Command CommandOf(string name) => CommandTree.Create().Subcommands.Single(command => command.Name == name);

    private static Option OptionOf(string command, string name) => CommandOf(command).Options.Single(option => option.Name == name);

    private static string? Find(string[] arguments) => UsageError.Find(CommandTree.Create().Parse(arguments, CommandTree.Parsing), arguments);

    private static void AssertError(string expected, string[] arguments)
    {
        string? error = Find(arguments);
        Assert.True(error is not null, $"no error: {string.Join(' ', arguments)}");
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, char.IsControl);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal); // the name of a type means nothing to a user
    }
}
