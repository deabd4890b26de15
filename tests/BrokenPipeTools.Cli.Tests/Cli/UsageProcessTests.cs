using BrokenPipeTools.Cli.Commands;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Wrong usage, names that look like options, and the help, of the command line as a process.</summary>
public sealed class UsageProcessTests : IDisposable
{
    private const int WidestHelp = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public static TheoryData<string> Commands => ["", .. CommandTree.Create().Subcommands.Where(command => !command.Hidden).Select(command => command.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("brokenpipe close: --linger: 'abc' is not a number of seconds; see --help", "close", "good.pcap", "--linger", "abc")]
    [InlineData("brokenpipe close: --linger: the value is empty; see --help", "close", "good.pcap", "--linger", "")]
    [InlineData("brokenpipe close: unknown option '--nope'; see --help", "close", "good.pcap", "--nope")]
    [InlineData("brokenpipe close: unknown option '--a\\x0ab'; see --help", "close", "good.pcap", "--a\nb")]
    [InlineData("brokenpipe teardown: KeepAliveRace needs a request to send: --payload or --http-path; see --help", "teardown", "localhost", "1", "-p", "KeepAliveRace")]
    [InlineData("brokenpipe serve: --port: UnixSink has no port; see --help", "serve", "UnixSink", "--port", "1")]
    [InlineData("brokenpipe: a command is missing; see --help")]
    public void Wrong_usage_is_one_line_and_nothing_is_analyzed(string error, params string[] arguments) =>
        Assert.Equal((2, "", error + Environment.NewLine), Run(arguments));

    [Theory]
    [InlineData("@cap.pcap")] // not a response file
    [InlineData("--nope")]
    [InlineData("-v")]
    public void A_file_may_have_any_name_after_two_dashes(string name)
    {
        (int code, string output, string errors) = Run("close", "--format", "csv", "--", name);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains($"\n{name},0,10.0.0.1,", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_fits_100_columns_and_names_the_command(string command)
    {
        (int code, string output, string errors) = Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains($"brokenpipe {command}".TrimEnd(), output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= WidestHelp, line));
    }

    private (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        foreach (string name in new[] { "good.pcap", "@cap.pcap", "--nope", "-v" })
            File.WriteAllBytes(Path.Combine(_folder, name), CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK")));
        System.Diagnostics.ProcessStartInfo start = Brokenpipe.With(arguments);
        start.WorkingDirectory = _folder;
        ProgramResult result = ChildProgram.Run(start);
        return (result.ExitCode, result.Output, result.Errors);
    }
}
