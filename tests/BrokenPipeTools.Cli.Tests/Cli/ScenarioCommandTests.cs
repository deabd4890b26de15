using System.Text.Json;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe scenario</c>, run as a process.</summary>
public sealed class ScenarioCommandTests
{
    [Fact]
    public void Csv_has_the_flat_properties_and_quotes_values_with_separators()
    {
        (int code, string output, _) = Run("scenario", "connectionrefused", "-f", "csv");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 2), (code, lines.Length));
        Assert.Equal(string.Join(',', typeof(ScenarioResult).GetProperties().Select(p => p.Name).Except(["Steps", "FailedCalls", "Connections"])), lines[0]);
        Assert.Matches(@"^ConnectionRefused,True,4,\d+\.\d", lines[1]);
        Assert.EndsWith(",\"No program listens: connect returns ECONNREFUSED, a write on the same socket EPIPE, a read ENOTCONN.\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_object_per_line_with_all_properties()
    {
        (int code, string output, _) = Run("scenario", "ResetOnAcc*", "--ipv6", "--no-capture", "-f", "json");
        JsonElement[] objects = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(0, code);
        Assert.Equal(["ResetOnAccept", "ResetOnAcceptWriteFirst"], objects.Select(o => o.GetProperty("Name").GetString()));
        Assert.Equal(typeof(ScenarioResult).GetProperties().Select(p => p.Name), objects[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(6, objects[0].GetProperty("IPVersion").GetInt32());
        Assert.Equal("not requested", objects[0].GetProperty("CaptureNote").GetString());
        JsonElement reset = objects[0].GetProperty("Steps").EnumerateArray().First(s => s.GetProperty("Call").GetString() == "recv");
        Assert.Equal((reset.GetProperty("Expected").GetString()!, JsonValueKind.Number), (reset.GetProperty("Result").GetString(), reset.GetProperty("Errno").ValueKind));
    }

    [Fact]
    public void Connections_in_json_are_those_that_the_close_command_prints()
    {
        (_, string output, _) = Run("scenario", "ConnectionRefused", "-f", "json");
        JsonElement result = JsonDocument.Parse(output).RootElement;
        if (result.GetProperty("CaptureNote").ValueKind != JsonValueKind.Null)
            return; // no right to capture: its own test reports that
        JsonElement connection = result.GetProperty("Connections").EnumerateArray().Single();
        Assert.Equal(typeof(ConnectionClose).GetProperties().Select(p => p.Name), connection.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Refused", connection.GetProperty("State").GetString());
    }

    [Fact]
    public void The_list_shows_one_step_per_line()
    {
        (_, string output, _) = Run("scenario", "ConnectionRefused", "-f", "list");
        Assert.Matches(@"(?m)^Steps +: +\d+\.\d{3} Client  connect\(127\.0\.0\.1:\d+\) = \w*ECONNREFUSED \(errno \d+\)", output);
        Assert.Matches(@"(?m)^ +: +\d+\.\d{3} Client  send\(5\) = ", output);
    }

    [Fact]
    public void List_names_all_scenarios()
    {
        (int code, string output, _) = Run("scenario", "--list", "-f", "csv");
        Assert.Equal(0, code);
        Assert.Equal(ScenarioCatalog.All.Select(s => s.Name), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(l => l.Split(',')[0]));
    }

    [Theory]
    [InlineData("--list", "NoSuchThing")]
    [InlineData("ConnectionRefused", "NoSuch*")]
    [InlineData("ConnectionRefused", "--capture", "x", "--no-capture")]
    public void An_unknown_name_is_wrong_usage_and_nothing_is_run(params string[] arguments)
    {
        (int code, string output, string errors) = Run(["scenario", .. arguments]);
        Assert.Equal(2, code);
        Assert.DoesNotContain("C:connect", output, StringComparison.Ordinal);
        Assert.Contains(arguments.Contains("--no-capture") ? "exclude each other" : "unknown scenario", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.pcapng")]
    [InlineData("x.PCAP")]
    [InlineData("x.cap")]
    public void The_name_of_a_capture_file_is_not_a_folder(string name)
    {
        string folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;
        string path = Path.Combine(folder, name);
        try
        {
            Assert.Equal(
                (2, "", $"brokenpipe scenario: --capture {path}: the name of a capture file, but each scenario writes a file of its own; name the folder for these files; see --help\n"),
                Run("scenario", "ConnectionRefused", "--capture", path));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            Directory.CreateDirectory(path); // a folder that exists is meant
            Assert.Equal(0, Run("scenario", "ConnectionRefused", "--capture", path).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_reported_once_and_all_scenarios_are_run()
    {
        string file = Path.GetTempFileName();
        try
        {
            (int code, string output, string errors) = Run("scenario", "ConnectionRefused", "ResetOnAccept", "-f", "csv", "--capture", Path.Combine(file, "lab"));
            Assert.Equal((1, 3), (code, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
            Assert.StartsWith("brokenpipe: CaptureWriteFailed: ", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(UnixSignals.Interrupt)]
    [InlineData(UnixSignals.Terminate)]
    public void A_signal_ends_the_scenarios_with_the_shells_exit_code(int signal)
    {
        if (!OperatingSystem.IsLinux())
            return; // the scenario needs Linux, the interrupt kill(1)
        using ChildProgram process = Start(["scenario", "ConnectionRefused", "AcceptQueueOverflow", "-f", "json"]);
        Assert.NotNull(process.StandardOutput.ReadLine()); // the second one takes three seconds
        process.Signal(signal);
        string rest = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(60_000));
        Assert.Equal((128 + signal, ""), (process.ExitCode, rest));
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using ChildProgram process = Start(arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static ChildProgram Start(string[] arguments) => ChildProgram.Start(Brokenpipe.With(arguments));
}
