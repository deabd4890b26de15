using System.Net.Sockets;
using System.Text.RegularExpressions;
using BrokenPipeTools.Tests.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe serve</c> as a process that is killed, or that the system gives no more descriptors.</summary>
public sealed partial class ServeLimitsTests
{
    private const int Patience = 20_000;

    /// <summary>Connections that the system allows beside those of the first client.</summary>
    private const int Spare = 6;

    [Fact]
    public void Killed_it_leaves_nothing_in_the_folder_for_temporary_files()
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
            Assert.True(process.WaitForExit(Patience));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Out_of_descriptors_it_goes_on_with_the_latest_client_and_its_processor_rests()
    {
        if (!OperatingSystem.IsLinux())
            return; // prlimit(1)
        using ChildProgram process = ChildProgram.Start(Brokenpipe.With("serve", "HttpHtml", "-f", "csv"));
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        int port = int.Parse(Port().Match(process.StandardError.ReadLine()!).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Serves(port);
        using (Socket half = Half(port))
            half.Shutdown(SocketShutdown.Send); // all paths have run once: their assemblies are loaded
        Serves(port);
        int limit = Directory.GetFiles($"/proc/{process.Id}/fd").Length + Spare;
        Assert.Equal(0, ChildProgram.Run("prlimit", "--pid", $"{process.Id}", $"--nofile={limit}:{limit}").ExitCode);

        List<Socket> halves = [.. Enumerable.Range(0, 4 * Spare).Select(_ => Half(port))];
        Serves(port);
        TimeSpan used = Used(process.Id);
        await Task.Delay(500);
        Assert.True(Used(process.Id) - used < TimeSpan.FromMilliseconds(250), "it is busy although nobody asks for anything");
        halves.ForEach(half => half.Dispose());
        Serves(port);

        process.Interrupt();
        Assert.True(process.WaitForExit(Patience));
        string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync()));
        Assert.True(lines.Any(line => line.EndsWith(",Evicted,EMFILE", StringComparison.Ordinal)), string.Join('\n', lines));
    }

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
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience };
        socket.Connect("127.0.0.1", port);
        return socket;
    }

    private static TimeSpan Used(int id)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    [GeneratedRegex(@":(\d+)  \(Ctrl\+C ends it\)$")]
    private static partial Regex Port();
}
