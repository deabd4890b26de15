using System.Net.Sockets;
using System.Text.RegularExpressions;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe serve</c> as a process that is killed, or that the system gives no more descriptors.</summary>
public sealed partial class ServeLimitsTests
{
    private const int MaxWait = 60_000;

    /// <summary>The number of free descriptors besides those that the program itself needs. Some of them are kept in reserve.</summary>
    private const int Spare = 96;

    [Fact]
    public void A_killed_server_leaves_nothing_in_the_folder_for_temporary_files()
    {
        if (OperatingSystem.IsWindows())
            return; // named pipes are no files there
        string folder = Directory.CreateTempSubdirectory("brokenpipe-killed-").FullName;
        try
        {
            System.Diagnostics.ProcessStartInfo start = Brokenpipe.With("serve", "HttpHtml");
            start.Environment["TMPDIR"] = folder;
            start.Environment.Remove("DOTNET_EnableDiagnostics");
            using ChildProgram process = ChildProgram.Start(start);
            Assert.NotNull(process.StandardError.ReadLine());
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            process.Kill();
            Assert.True(process.WaitForExit(MaxWait));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The limit depends on the number of descriptors that the program itself needs. It is measured, because it is higher if the program is not native.</summary>
    [Fact]
    public async Task With_few_descriptors_it_serves_the_latest_clients_without_a_busy_loop()
    {
        if (!OperatingSystem.IsLinux())
            return; // a limit in the format of proc(5)
        int limit = Needed() + Spare;
        using ChildProgram process = ChildProgram.Start("sh", ["-c", $"ulimit -n {limit}; exec \"$@\"", "sh", .. Brokenpipe.Words, "serve", "HttpHtml", "-f", "csv"]);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.Matches(@"^brokenpipe: warning: at most \d+ connections are open at the same time", await process.StandardError.ReadLineAsync());
        int port = PortOf((await process.StandardError.ReadLineAsync())!);

        List<Socket> halves = [.. Enumerable.Range(0, 4 * Spare).Select(_ => Half(port))];
        Serves(port);
        Assert.True(SpinWait.SpinUntil(() => IsAsleep(process.Id), MaxWait), "it is busy although nobody asks for anything");
        halves.ForEach(half => half.Dispose());
        Serves(port);

        process.Interrupt();
        Assert.True(process.WaitForExit(MaxWait));
        string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, "", 1 + (4 * Spare) + 2), (process.ExitCode, await process.StandardError.ReadToEndAsync(), lines.Length));
        Assert.Contains(lines, line => line.EndsWith(",Evicted,,,,,HttpHtml", StringComparison.Ordinal) || line.EndsWith(",Evicted,EMFILE,,,,HttpHtml", StringComparison.Ordinal));
    }

    /// <summary>
    /// Most libraries of the runtime are loaded only when they are needed; here the output needs them. The runtime ends the process if it cannot load
    /// one.
    /// </summary>
    [Fact]
    public async Task A_burst_of_clients_leaves_the_program_the_descriptors_that_it_needs_in_the_end()
    {
        if (!OperatingSystem.IsLinux())
            return;
        int needed = Needed();
        foreach (int spare in new[] { Spare / 2, Spare })
        {
            using ChildProgram process = ChildProgram.Start("sh", ["-c", $"ulimit -n {needed + spare}; exec \"$@\"", "sh", .. Brokenpipe.Words, "serve", "HttpJson", "-f", "json"]);
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string first = (await process.StandardError.ReadLineAsync())!;
            if (first.StartsWith("brokenpipe: TooFewDescriptors", StringComparison.Ordinal))
                continue;
            int port = PortOf((await process.StandardError.ReadLineAsync())!);
            List<Socket> silent = [.. Enumerable.Range(0, 2 * spare).Select(_ => Connect(port))];
            Assert.Equal(0, silent[0].Receive(new byte[1])); // the connection was closed to make room for a later one
            await Task.Delay(300);
            process.Interrupt();
            Assert.True(process.WaitForExit(MaxWait));
            Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
            Assert.InRange(LinesOf(await output), 1, 2 * spare);
            silent.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Numbers of descriptors, from too few for the runtime's libraries to enough for the command line but not for a server.</summary>
    [Theory]
    [InlineData("serve", "HttpHtml")]
    [InlineData("teardown", "127.0.0.1", "1")]
    [InlineData("scenario", "ConnectionRefused")]
    public async Task With_too_few_descriptors_the_error_is_one_line_and_no_stack_trace(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return;
        int needed = Needed();
        foreach (int limit in new[] { needed / 2, needed * 2 / 3, needed - 4 })
        {
            using ChildProgram process = ChildProgram.Start("sh", ["-c", $"ulimit -n {limit}; exec \"$@\"", "sh", .. Brokenpipe.Words, .. arguments]);
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = await process.StandardError.ReadToEndAsync();
            Assert.True(process.WaitForExit(MaxWait));
            if (IsTheRuntimes(errors, process.ExitCode))
                continue;
            Assert.DoesNotContain("   at ", errors + await output, StringComparison.Ordinal);
            Assert.True(process.ExitCode == 0 || LinesOf(errors) == 1 || IsAFailedResult(errors, await output), $"exit code {process.ExitCode}: {errors}{await output}");
        }
    }

    /// <summary>Returns whether the output is that of a scenario or a probe that began, with the reason in its row why it did not pass.</summary>
    private static bool IsAFailedResult(string errors, string output) =>
        errors.Length == 0 && LinesOf(output) == 2 && (output.Contains(" False ", StringComparison.Ordinal) || output.Contains(" LocalFailure ", StringComparison.Ordinal));

    private static int LinesOf(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Returns whether the runtime itself ended the process, before our code began or below it.</summary>
    private static bool IsTheRuntimes(string errors, int exitCode) => Brokenpipe.Words.Length > 1
        && (errors.Contains("Fatal error", StringComparison.Ordinal) || errors.Contains("Out of memory", StringComparison.Ordinal) || errors.Contains("thread pool Gate thread", StringComparison.Ordinal) || (errors.Length == 0 && exitCode is not (0 or 1 or 2))); // 0, 1 and 2 are the exit codes of our code

    /// <summary>Returns the number of descriptors of a server that has served a client.</summary>
    private static int Needed()
    {
        using ChildProgram process = ChildProgram.Start(Brokenpipe.With("serve", "HttpHtml"));
        int port = PortOf(process.StandardError.ReadLine()!);
        Serves(port);
        return Directory.GetFiles($"/proc/{process.Id}/fd").Length;
    }

    private static int PortOf(string announcement) => int.Parse(Port().Match(announcement).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static void Serves(int port)
    {
        using Socket client = Connect(port);
        client.Send("GET / HTTP/1.0\r\n\r\n"u8);
        byte[] answer = new byte[4096];
        Assert.True(client.Receive(answer) > 0);
        Assert.StartsWith("HTTP/1.1 200", System.Text.Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    private static Socket Half(int port)
    {
        Socket client = Connect(port);
        client.Send("GET / HTTP/1.1\r\nHalf: "u8);
        return client;
    }

    private static Socket Connect(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = MaxWait };
        socket.Connect("127.0.0.1", port);
        return socket;
    }

    /// <summary>
    /// Returns whether no thread of the process is running or waits for a processor, in several looks one after another. A thread in a busy loop has
    /// the state R (man 5 proc) in almost every look, also if other programs have the processors.
    /// </summary>
    private static bool IsAsleep(int id)
    {
        const int Looks = 20;
        for (int look = 0; look < Looks; look++)
        {
            if (Directory.EnumerateDirectories($"/proc/{id}/task").Any(IsRunning))
                return false;
            Thread.Sleep(10);
        }

        return true;
    }

    /// <summary>Returns whether a thread is running. Its state follows its name, which is in parentheses and may contain any character.</summary>
    private static bool IsRunning(string thread)
    {
        try
        {
            string fields = File.ReadAllText(Path.Combine(thread, "stat"));
            return fields[fields.LastIndexOf(')') + 2] == 'R';
        }
        catch (IOException)
        {
            return false; // the thread has ended
        }
    }

    [GeneratedRegex(@":(\d+)  \(Ctrl\+C ends it\)$")]
    private static partial Regex Port();
}
