using System.Text.Json;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe counters</c> as a process.</summary>
public sealed class CountersCommandTests
{
    [LinuxFact]
    public void Counters_are_printed_in_every_format()
    {
        Assert.Matches(@"(?m)^Overflow +ListenOverflows +\d+ +The accept queue", Run("counters").Output);
        Assert.StartsWith("Name,Group,Value,Change,Limit,", Run("counters", "-f", "csv").Output, StringComparison.Ordinal);
        Assert.Matches("(?m)^KernelFunction +: __tcp_close$", Run("counters", "-f", "list").Output);
        string json = Assert.Single(Run("counters", "-f", "json", "--name", "listenoverflow?").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using JsonDocument record = JsonDocument.Parse(json);
        Assert.Equal("Overflow", record.RootElement.GetProperty("Group").GetString());
        Assert.Equal(JsonValueKind.Null, record.RootElement.GetProperty("Change").ValueKind);
    }

    [LinuxFact]
    public void A_command_keeps_its_exit_code_and_its_output_stays_out_of_the_records()
    {
        ProgramResult result = Run("counters", "-f", "json", "--name", "TCPAbortOnClose", "--", "sh", "-c", "echo out; echo err >&2; exit 7");
        Assert.Equal((7, "out\nerr\n"), (result.ExitCode, result.Errors));
        using JsonDocument record = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Number, record.RootElement.GetProperty("Change").ValueKind);
        Assert.Equal(127, Run("counters", "--", "there-is-no-such-program").ExitCode);
        Assert.Equal(128 + 9, Run("counters", "--", "sh", "-c", "kill -9 $$").ExitCode);
    }

    [LinuxFact]
    public void A_signal_ends_the_counting_and_its_command_and_the_changes_are_printed()
    {
        using ChildProgram timed = ChildProgram.Start(Brokenpipe.With("counters", "--all", "-f", "csv", "--duration", "600"));
        AwaitCounting(timed);
        timed.Interrupt();
        Assert.Equal(130, timed.ExitCode);
        Assert.Contains("TCPAbortOnClose", timed.StandardOutput.ReadToEnd(), StringComparison.Ordinal);

        using ChildProgram command = ChildProgram.Start(Brokenpipe.With("counters", "--all", "-f", "csv", "--", "sh", "-c", "echo begun; exec sleep 600"));
        Assert.Equal("begun", command.StandardError.ReadLine());
        command.Signal(15);
        Assert.Equal(143, command.ExitCode);
        Assert.Contains("TCPAbortOnClose", command.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [LinuxFact]
    public void A_path_that_is_not_a_network_namespace_is_one_line_and_1()
    {
        foreach ((string place, string id) in new[] { ("4194999", "NetworkNamespaceNotFound"), ("/no/such/file", "NetworkNamespaceNotFound"), ("/proc/4194999/ns/net", "NetworkNamespaceNotFound") })
        {
            ProgramResult result = Run("counters", "--network-namespace", place);
            Assert.Equal((1, ""), (result.ExitCode, result.Output));
            Assert.StartsWith($"brokenpipe: {id}: {place}: ", result.Errors, StringComparison.Ordinal);
        }
    }

    [PrivilegedFact]
    public void The_user_nobody_reads_its_own_namespace_and_that_of_a_process()
    {
        using ChildProgram other = ChildProgram.Start("unshare", "--net", "sleep", "60");
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--", .. Brokenpipe.Words, "counters", "-f", "csv"];
        Assert.Equal(0, ChildProgram.Run("setpriv", nobody).ExitCode);
        Assert.Contains("TCPAbortOnClose,Abort,", ChildProgram.Run("setpriv", [.. nobody, "--network-namespace", $"{other.Id}"]).Output, StringComparison.Ordinal);
        ProgramResult path = ChildProgram.Run("setpriv", [.. nobody, "--network-namespace", "/proc/self/task/../ns/net"]); // the path is not recognized as that of a process, so the namespace has to be entered
        Assert.Equal(1, path.ExitCode);
        Assert.Contains("NetworkNamespaceAccessDenied", path.Errors, StringComparison.Ordinal);
    }

    /// <summary>Waits until the command has opened the counters. It listens for signals from then on.</summary>
    private static void AwaitCounting(ChildProgram program) => Assert.True(
        SpinWait.SpinUntil(() => Directory.GetFiles($"/proc/{program.Id}/fd").Any(file => new FileInfo(file).LinkTarget?.EndsWith("/net/netstat", StringComparison.Ordinal) == true), ChildProgram.MaxWait),
        "the counters are not open");

    private static ProgramResult Run(params string[] arguments) => ChildProgram.Run(Brokenpipe.With(arguments));
}
