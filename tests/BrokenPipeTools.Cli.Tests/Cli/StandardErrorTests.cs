using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>A command with a broken standard stream still does its work, and its exit code is the same as without the fault.</summary>
public sealed class StandardErrorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public StandardErrorTests()
    {
        File.WriteAllBytes(Path.Combine(_folder, "one.pcap"), CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK")));
        File.WriteAllBytes(Path.Combine(_folder, "cut.pcap"), CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK"))[..^3]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    public void Messages_that_cannot_be_written_cost_neither_rows_nor_the_exit_code(string redirection)
    {
        if (!File.Exists("/dev/full"))
            return; // Linux and FreeBSD have it
        Assert.Equal((1, "cut.pcap,one.pcap"), Rows(Run(redirection, "close", "-f", "csv", "cut.pcap", "missing.pcap", "one.pcap")));
        Assert.Equal(2, Run(redirection, "close", "--format", "xml", "one.pcap").ExitCode);
        Assert.Equal(2, Run(redirection, "scenario", "NoSuchScenario").ExitCode);
        Assert.Equal(1, Run(redirection, "close", "--timer-file", "missing.csv", "one.pcap").ExitCode);
    }

    [Theory]
    [InlineData("close", "one.pcap")]
    [InlineData("serve", "--list")]
    [InlineData("close", "--help")]
    public void A_closed_output_is_one_line(params string[] arguments)
    {
        if (OperatingSystem.IsWindows())
            return; // which has no descriptors to close
        Assert.Equal(new ProgramResult(1, "", "brokenpipe: OutputFailed: standard output: it is closed\n"), Run(">&-", arguments));
    }

    [Fact]
    public void Rows_come_before_the_message_about_the_file_after_them()
    {
        if (OperatingSystem.IsWindows())
            return; // which has no sh
        string[] lines = Run("2>&1", "close", "-f", "csv", "one.pcap", "missing.pcap", "one.pcap").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["Path", "one.pcap", "brokenpipe: CaptureNotFound: missing.pcap: no such file", "one.pcap"], lines.Select(line => line.Split(',')[0]));
    }

    private static (int Code, string Paths) Rows(ProgramResult result) =>
        (result.ExitCode, string.Join(',', result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(row => row.Split(',')[0])));

    private ProgramResult Run(string redirection, params string[] arguments) =>
        ChildProgram.Run("sh", ["-c", $"cd \"$0\" && exec \"$@\" {redirection}", _folder, .. Brokenpipe.Words, .. arguments]);
}
