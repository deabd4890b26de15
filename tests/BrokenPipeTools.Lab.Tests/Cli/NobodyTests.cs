using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary>The command line without any privilege: root starts it as the user `nobody`.</summary>
[SupportedOSPlatform("linux")]
public sealed class NobodyTests
{
    private const int Stop = 19; // SIGSTOP

    [NobodyFact]
    public void The_user_nobody_lists_its_own_sockets_with_their_process_and_others_without()
    {
        using ChildProgram server = Start("serve", "NeverAnswer");
        int port = PortOf(server);
        using Socket client = Connect(port);
        AwaitAccepted(port);
        Suspend(server);
        client.Send("1234567"u8);
        JsonElement accepted = Accepted(port);
        Assert.Equal((server.Id, 7), (accepted.GetProperty("ProcessId").GetInt32(), accepted.GetProperty("UnreadBytes").GetInt32()));
        JsonElement other = Sockets(port).First(one => one.GetProperty("RemotePort").GetInt32() == port);
        Assert.Equal(JsonValueKind.Null, other.GetProperty("ProcessId").ValueKind); // the process is this one, which runs as root
    }

    [NobodyFact]
    public void The_user_nobody_traces_a_connection_that_ended_abnormally_and_is_informed_once_what_root_adds()
    {
        using ChildProgram trace = Start("trace", "--format", "csv");
        string[] columns = trace.StandardOutput.ReadLine()!.Split(',');
        Assert.Matches("^brokenpipe: warning: without root, .* root \\(sudo\\) adds .*$", trace.StandardError.ReadLine());
        // A list of sockets with their processes must be read while the connection exists, which takes longer on a busy machine.
        string end = "";
        ChildProgram? server = null;
        for (int seconds = 1; seconds <= 16 && !Ended(server); seconds *= 4)
        {
            server?.Dispose();
            server = Start("serve", "NeverAnswer");
            end = EndAfterReset(trace, server, TimeSpan.FromSeconds(seconds));
        }

        using (server)
        {
            Assert.True(Ended(server), end);
            Assert.Contains(",UnreadDataDiscarded,Medium,", end, StringComparison.Ordinal);
            trace.Interrupt();
            Assert.Equal((0, ""), (trace.ExitCode, trace.StandardError.ReadToEnd()));
        }

        bool Ended(ChildProgram? server) => server is not null && end.Split(',')[Array.IndexOf(columns, "ProcessId")] == $"{server.Id}"; // the columns up to this have no comma
    }

    /// <summary>Kills a server that has not read all data of its client. Returns the row that the trace prints about it.</summary>
    private static string EndAfterReset(ChildProgram trace, ChildProgram server, TimeSpan before)
    {
        int port = PortOf(server);
        using Socket client = Connect(port);
        AwaitAccepted(port);
        Suspend(server);
        client.Send("1234567"u8);
        Thread.Sleep(before); // the trace lists the sockets during this time
        server.Kill();
        string end;
        do
            end = trace.StandardOutput.ReadLine()!;
        while (!end.Contains($",{port},", StringComparison.Ordinal));
        return end;
    }

    private static ChildProgram Start(params string[] arguments) => ChildProgram.Start(NobodyFactAttribute.With(arguments));

    /// <summary>Stops a program, and waits until each of its threads has stopped: until then one of them may still read.</summary>
    private static void Suspend(ChildProgram program)
    {
        program.Signal(Stop);
        Assert.True(SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{program.Id}/task").All(IsStopped), ChildProgram.MaxWait));
    }

    /// <summary>The state comes after the name, which may contain any character (man 5 proc_pid_stat).</summary>
    private static bool IsStopped(string thread)
    {
        string stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[stat.LastIndexOf(')') + 2] == 'T';
    }

    private static int PortOf(ChildProgram server) => int.Parse(Regex.Match(server.StandardError.ReadLine()!, @":(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Socket Connect(int port)
    {
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Waits until a program has opened the socket.</summary>
    private static void AwaitAccepted(int port) => Assert.True(SpinWait.SpinUntil(() => Accepted(port) is { ValueKind: JsonValueKind.Object } socket && socket.GetProperty("ProcessId").ValueKind == JsonValueKind.Number, ChildProgram.MaxWait));

    private static JsonElement Accepted(int port) => Sockets(port).FirstOrDefault(one => one.GetProperty("LocalPort").GetInt32() == port && one.GetProperty("State").GetString() == "Established");

    private static JsonElement[] Sockets(int port)
    {
        ProgramResult result = ChildProgram.Run(NobodyFactAttribute.With("sockets", "--port", $"{port}", "--format", "json"));
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}

/// <summary>Skipped, with the reason, if a user without rights cannot run the command line here.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NobodyFactAttribute : FactAttribute
{
    private static readonly string? Obstacle = Find();

    public NobodyFactAttribute() => Skip = Obstacle;

    /// <summary>The process that runs the command line as the user `nobody`.</summary>
    public static ProcessStartInfo With(params string[] arguments)
    {
        string[] words = [.. OrdinaryUser.Command, .. Brokenpipe.Words, .. arguments];
        ProcessStartInfo start = new(words[0], words[1..]);
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = Path.GetTempPath();
        return start;
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
            return "only on Linux";
        if (OrdinaryUser.Obstacle is { } obstacle)
            return obstacle;
        ProgramResult result = ChildProgram.Run(With("--version"));
        return result.ExitCode == 0 ? null : $"nobody cannot run {Brokenpipe.File}: {result.Errors.Trim()}";
    }
}
