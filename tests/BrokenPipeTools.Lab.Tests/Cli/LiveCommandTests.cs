using System.Net.Sockets;
using BrokenPipeTools.Analysis;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>Live capture from the command line, run as a process.</summary>
public sealed class LiveCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("brokenpipe-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [LiveFact]
    public void Records_stream_and_an_interrupt_brings_those_that_are_open()
    {
        if (OperatingSystem.IsWindows())
            return; // kill(1) does not exist, so the program cannot be interrupted
        string kept = Path.Combine(_folder, "kept.pcapng");
        using LoopbackServer server = new();
        using ChildProgram process = Start([.. Brokenpipe.Words, "close", "-i", Loopback.Name, "--filter", $"tcp port {server.Port}", "--linger", "0.2", "-f", "csv", "--write", kept, "-v"]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string?> header = process.StandardOutput.ReadLineAsync(); // the header is written together with the first record
        while (!header.Wait(100))
            server.Exchange(); // repeats until the capture has begun
        Assert.StartsWith("Path,", header.Result, StringComparison.Ordinal);
        Assert.Contains(",Reset,Server,S:RST,", process.StandardOutput.ReadLine(), StringComparison.Ordinal);

        (TcpClient client, TcpClient accepted) = server.Connect();
        using (client)
        using (accepted)
        {
            accepted.Client.Send("abc"u8);
            client.Client.Receive(new byte[3]);
            process.Interrupt();
            string rest = process.StandardOutput.ReadToEnd();
            Assert.True(process.WaitForExit(60_000));
            string[] rows = rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(",Open,None,", rows[^1], StringComparison.Ordinal);
            Assert.Equal(0, process.ExitCode);
        }

        Assert.Contains(" TCP segments", errors.GetAwaiter().GetResult(), StringComparison.Ordinal);
        using CloseAnalyzer again = CloseAnalyzer.Open(kept);
        Assert.True(again.TryNext(out ConnectionClose? record));
        Assert.Equal("S:RST", record.Sequence);
    }

    [LiveFact]
    public void Failed_captures_are_reported_with_their_id()
    {
        string kept = Path.Combine(_folder, "there.pcapng");
        File.WriteAllText(kept, "precious");
        AssertFails("InterfaceNotFound", "-i", "nosuch0");
        AssertFails("CaptureFilterInvalid", "-i", Loopback.Name, "--filter", "tcp prot 80");
        AssertFails("CaptureFileExists", "-i", Loopback.Name, "--write", kept);
        AssertFails("CaptureWriteFailed", "-i", Loopback.Name, "--write", Path.Combine(_folder, "none", "x.pcapng"));
        Assert.Equal("precious", File.ReadAllText(kept));
    }

    [LiveFact]
    public void A_duration_ends_the_capture()
    {
        (int code, string output, string errors) = Run("close", "-i", Loopback.Name, "--duration", "0.1", "--filter", "tcp port 1", "-f", "json");
        Assert.Equal((0, "", ""), (code, output, errors));
    }

    [LiveFact]
    public void A_terminal_shows_what_is_captured_and_how_to_end_it_after_the_capture_has_begun()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script"))
            return; // script(1), of util-linux, makes the terminal
        Assert.Contains($"brokenpipe: capturing 'tcp port 1' on {Loopback.Name} for 0.2 s (Ctrl+C ends it earlier)", InTerminal($"-i {Loopback.Name} --duration 0.2 --filter 'tcp port 1'"), StringComparison.Ordinal);
        Assert.DoesNotContain("capturing", InTerminal("-i nosuch0"), StringComparison.Ordinal);
        Assert.DoesNotContain("capturing", InTerminal($"-i {Loopback.Name} --duration 0.2 --filter 'tcp port 1' 2>/dev/null"), StringComparison.Ordinal);

        static string InTerminal(string arguments)
        {
            string words = string.Join(' ', Brokenpipe.Words.Select(word => $"'{word}'"));
            return ChildProgram.Run("script", "-qec", $"{words} close {arguments}", "/dev/null").Output;
        }
    }

    [LiveFact]
    public void Interfaces_are_listed()
    {
        Assert.Contains(Loopback.Name, Run("interfaces").Output, StringComparison.Ordinal);
        Assert.StartsWith("Name,Description,Addresses,", Run("interfaces", "-f", "csv").Output, StringComparison.Ordinal);
        Assert.Contains($"\"Name\":\"{Loopback.Name.Replace("\\", "\\\\", StringComparison.Ordinal)}\"", Run("interfaces", "-f", "json").Output, StringComparison.Ordinal);
        Assert.Matches(@"Addresses +: 127\.0\.0\.1", Run("interfaces", "-f", "list").Output);
    }

    [Theory]
    [InlineData("close", "-i", "lo", "x.pcap")]
    [InlineData("close", "--duration", "3", "x.pcap")]
    [InlineData("close", "--write", "y.pcapng", "x.pcap")]
    [InlineData("close", "-i", "lo", "--duration", "-1")]
    public void Wrong_usage_is_reported(params string[] arguments) => Assert.Equal(2, Run(arguments).Code);

    [RootFact]
    public void Without_permission_the_remedy_names_this_program()
    {
        string copy = Path.Combine(_folder, "bin");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Brokenpipe.File)!, "*.*"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        string[] program = [.. Brokenpipe.Words[..^1], Path.Combine(copy, Path.GetFileName(Brokenpipe.File))];
        Assert.Equal(0, ChildProgram.Run("chmod", "-R", "a+rX", _folder).ExitCode);
        using ChildProgram process = Start(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", .. program, "close", "-i", Loopback.Name]);
        string errors = process.StandardError.ReadToEnd();
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("brokenpipe: CapturePermissionDenied: lo: ", errors, StringComparison.Ordinal);
        Assert.Matches($"sudo setcap cap_net_raw,cap_net_admin=eip '/.*/{Path.GetFileName(program[0])}'", errors);
    }

    [RootFact]
    public void Without_the_library_the_remedy_names_the_package()
    {
        // In a separate mount namespace, an empty file hides the library.
        string script = "for f in $(find /usr/lib /lib /usr/local/lib -name 'libpcap.so*' -type f 2>/dev/null); do mount --bind /dev/null \"$f\" || exit 77; done; exec \"$@\"";
        using ChildProgram process = Start(["unshare", "-m", "sh", "-c", script, "sh", .. Brokenpipe.Words, "interfaces"]);
        string errors = process.StandardError.ReadToEnd();
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("brokenpipe: CaptureLibraryMissing: no capture library is installed: install libpcap (", errors, StringComparison.Ordinal);
    }

    private static void AssertFails(string id, params string[] arguments)
    {
        (int code, string output, string errors) = Run(["close", .. arguments, "--duration", "0", "-f", "json"]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"brokenpipe: {id}: ", errors, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using ChildProgram process = Start([.. Brokenpipe.Words, .. arguments]);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static ChildProgram Start(string[] words) => ChildProgram.Start(words[0], words[1..]);
}
