using System.Net.Sockets;
using System.Text.RegularExpressions;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>
/// The output of a command is a pipe that can break like any other: brokenpipe … | head -1. On Windows .NET does not report it, and there is neither
/// sh nor kill(1).
/// </summary>
public sealed class StandardOutputTests : IDisposable
{
    private const int MaxWait = 60_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_server_whose_reader_has_closed_ends_with_the_next_connection()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = Start([.. Brokenpipe.Words, "serve", "close-on-accept", "-f", "csv"]);
        int port = int.Parse(Regex.Match(process.StandardError.ReadLine()!, @":(\d+)  ").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.StartsWith("Number,", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        process.StandardOutput.Close();
        using (TcpClient client = new("127.0.0.1", port))
            Assert.Equal(0, client.Client.Receive(new byte[1]));
        AssertEndsQuietly(process);
    }

    [LiveFact]
    public void A_scenario_without_a_reader_is_not_run()
    {
        if (!OperatingSystem.IsLinux())
            return; // the second scenario needs it
        using ChildProgram process = Start([.. Brokenpipe.Words, "scenario", "ConnectionRefused", "AcceptQueueOverflow", "ResetOnAccept", "-f", "json", "--capture", _folder]);
        Assert.NotNull(process.StandardOutput.ReadLine());
        process.StandardOutput.Close(); // the second one takes three seconds
        AssertEndsQuietly(process);
        Assert.Equal(["AcceptQueueOverflow.pcapng", "ConnectionRefused.pcapng"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_closed_output_ends_a_command_that_waits_for_input()
    {
        if (OperatingSystem.IsWindows())
            return;
        byte[] capture = CaptureBytes.Pcap(PacketScript.Build(string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"C:SYN conn={i}\nS:RST-ACK conn={i}"))));
        byte[][] parts = [.. capture.Chunk(capture.Length / 50)];
        using ChildProgram process = Start([.. Brokenpipe.Words, "close", "-f", "csv", "--linger", "0", "-"]);
        Stream input = process.StandardInput.BaseStream;
        Feed(input, parts[0]);
        Assert.StartsWith("Path,", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        process.StandardOutput.Close();
        foreach (byte[] part in parts.Skip(1).TakeWhile(_ => !process.WaitForExit(100)))
            Feed(input, part);
        AssertEndsQuietly(process); // with its input open: it could wait for more
    }

    [Theory]
    [InlineData("serve", "--list")]
    [InlineData("scenario", "--list", "-f", "json")]
    [InlineData("close", "-f", "list", "one.pcap")]
    [InlineData("close", "--help")]
    public void A_full_disk_is_a_failure(params string[] arguments)
    {
        if (!File.Exists("/dev/full"))
            return; // Linux and FreeBSD have it
        File.WriteAllBytes(Path.Combine(_folder, "one.pcap"), CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK")));
        using ChildProgram process = Start(["sh", "-c", "cd \"$0\" && exec \"$@\" > /dev/full", _folder, .. Brokenpipe.Words, .. arguments]);
        string errors = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(MaxWait));
        Assert.Equal(1, process.ExitCode);
        Assert.Matches(@"^brokenpipe: OutputFailed: standard output: .+\n$", errors);
    }

    [Fact]
    public void Commands_that_share_a_file_write_one_after_the_other()
    {
        if (OperatingSystem.IsWindows())
            return;
        string file = Path.Combine(_folder, "both.csv");
        using ChildProgram process = Start(["sh", "-c", "{ \"$@\"; echo between; \"$@\"; } > \"$0\"", file, .. Brokenpipe.Words, "serve", "--list", "-f", "csv"]);
        AssertEndsQuietly(process);
        string[] halves = File.ReadAllText(file).Split("between\n");
        Assert.Equal(2, halves.Length);
        Assert.StartsWith("Behavior,Summary\n", halves[0], StringComparison.Ordinal);
        Assert.Equal(halves[0], halves[1]);
    }

    private static void AssertEndsQuietly(ChildProgram process)
    {
        Assert.True(process.WaitForExit(MaxWait), "it goes on");
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
    }

    private static void Feed(Stream input, byte[] part)
    {
        try
        {
            input.Write(part);
            input.Flush();
        }
        catch (IOException)
        {
            // The process has ended already, as the test requires.
        }
    }

    private static ChildProgram Start(string[] words) => ChildProgram.Start(words[0], words[1..]);
}
