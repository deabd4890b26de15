using System.Globalization;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Captures that come through a FIFO or standard input. Windows has no FIFO in the file system and no sh.</summary>
public sealed class PipeInputTests : IDisposable
{
    private const int Connections = 200;

    private static readonly byte[] Capture = CaptureBytes.Pcap(PacketScript.Build(string.Join('\n', Enumerable.Range(0, Connections).Select(i => $"C:SYN conn={i}\nS:RST-ACK conn={i}"))));
    private static readonly byte[] Pcapng = CaptureBytes.Pcapng(PacketScript.Build(string.Join('\n', Enumerable.Range(0, Connections).Select(i => $"C:SYN conn={i}\nS:RST-ACK conn={i}"))));

    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, "exec \"$@\" fifo")]
    [InlineData(true, "exec \"$@\" fifo")]
    [InlineData(false, "exec \"$@\" - < fifo")]
    [InlineData(false, "exec \"$@\" link")]
    [InlineData(false, "exec \"$@\" --continuous fifo")]
    public void Rows_come_as_soon_as_they_are_final_while_the_stream_stalls(bool isPcapng, string script)
    {
        if (OperatingSystem.IsWindows())
            return;
        byte[] bytes = isPcapng ? Pcapng : Capture;
        using ChildProgram process = Start(script, "close", "-f", "csv", "--linger", "0");
        using FileStream writer = OpenFifo();
        int half = (bytes.Length / 2) + 7; // in the middle of a record
        writer.Write(bytes, 0, half);
        writer.Flush();
        Assert.StartsWith("Path,", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        for (int i = 0; i < (Connections / 2) - 1; i++)
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $",{i},10.0.0."), process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        writer.Write(bytes, half, bytes.Length - half);
        writer.Close();
        Assert.Equal(Connections / 2, process.StandardOutput.ReadToEnd().Count(c => c == '\n') - 1);
        Assert.Equal((0, ""), (process.ExitCode, process.StandardError.ReadToEnd()));
    }

    [Theory]
    [InlineData("exec \"$@\" fifo", UnixSignals.Interrupt)]
    [InlineData("exec \"$@\" fifo", UnixSignals.Terminate)]
    [InlineData("exec \"$@\" link", UnixSignals.Interrupt)]
    public void A_signal_ends_it_while_no_input_arrives(string script, int signal)
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = Start(script, "close", "-f", "csv", "-v", "one.pcap");
        Assert.Equal("one.pcap: 2 frames, 2 TCP segments", process.StandardError.ReadLine()); // the FIFO is next
        process.Signal(signal);
        Assert.Equal(128 + signal, process.ExitCode);
        Assert.DoesNotContain("Unhandled", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_input_is_a_problem_of_that_input()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = Start("exec \"$@\" - one.pcap <&-", "close", "-f", "csv");
        Assert.Equal("brokenpipe: CaptureReadFailed: -: standard input is closed\n", process.StandardError.ReadToEnd());
        Assert.Equal(["Path", "one.pcap"], process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(',')[0]));
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public void A_redirected_file_is_read_from_the_position_of_the_shell()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = Start("{ head -c 5 > /dev/null; exec \"$@\" -; } < shifted", "close", "-f", "csv");
        Assert.Equal(Connections + 1, process.StandardOutput.ReadToEnd().Count(c => c == '\n'));
        Assert.Equal(0, process.ExitCode);
    }

    private FileStream OpenFifo() => Deadline.Start(() => new FileStream(Path.Combine(_folder, "fifo"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite), "a reader of the FIFO").GetAwaiter().GetResult();

    private ChildProgram Start(string script, params string[] arguments)
    {
        File.WriteAllBytes(Path.Combine(_folder, "one.pcap"), CaptureBytes.Pcap(PacketScript.Build("C:SYN\nS:RST-ACK")));
        File.WriteAllBytes(Path.Combine(_folder, "shifted"), [1, 2, 3, 4, 5, .. Capture]);
        Assert.Equal(0, ChildProgram.Run("mkfifo", Path.Combine(_folder, "fifo")).ExitCode);
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "fifo");
        return ChildProgram.Start("sh", ["-c", $"cd \"$0\" && {script}", _folder, .. Brokenpipe.Words, .. arguments]);
    }
}
