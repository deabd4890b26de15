using System.Net;
using System.Text.Json;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.FaultServer;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe teardown</c> as a process, against servers in this one.</summary>
public sealed class TeardownCommandTests
{
    private const int MaxWait = 60_000;

    private static readonly string[] Nested = ["Alternatives", "Steps"];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Json_is_one_object_per_probe_with_all_properties(string address)
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseOnAccept, address);
        (int code, string output, string errors) = Run("teardown", address, $"{server.Port}", "-f", "json");
        JsonElement test = JsonDocument.Parse(output).RootElement;
        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(typeof(TeardownTest).GetProperties().Select(p => p.Name), test.EnumerateObject().Select(p => p.Name));
        Assert.Equal((address, server.Port, "PeerClose", "Fin"), (test.GetProperty("ComputerName").GetString(), test.GetProperty("Port").GetInt32(), test.GetProperty("Probe").GetString(), test.GetProperty("Mechanism").GetString()));
        Assert.Equal("EOF", test.GetProperty("ReadAfterClose").GetString());
        Assert.Contains("recv", test.GetProperty("Steps").EnumerateArray().Select(step => step.GetProperty("Call").GetString()));
    }

    [Fact]
    public void Csv_has_the_flat_properties_and_one_line_per_port()
    {
        using BrokenPipeServer fin = Start(ServerBehavior.CloseAfterRequest, "127.0.0.1");
        using BrokenPipeServer reset = Start(ServerBehavior.ResetAfterRequest, "127.0.0.1");
        (int code, string output, _) = Run("teardown", "127.0.0.1", $"{fin.Port}", $"{reset.Port}", "--payload", "hello", "-f", "csv");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(0, code);
        Assert.Equal(string.Join(',', typeof(TeardownTest).GetProperties().Select(p => p.Name).Except(Nested)), lines[0]);
        Assert.Contains($"127.0.0.1,127.0.0.1,{fin.Port},PeerClose,1,Completed,", lines[1] + lines[2], StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1,127.0.0.1,{reset.Port},PeerClose,1,Completed,", lines[1] + lines[2], StringComparison.Ordinal);
        Assert.True(reset.WaitForEnded(1, TimeSpan.FromMilliseconds(MaxWait)));
        Assert.Equal((5L, "hello"), (reset.Connections[0].BytesReceived, reset.Connections[0].RequestLine));
    }

    [Fact]
    public void A_payload_may_come_from_standard_input_as_it_is()
    {
        using BrokenPipeServer server = Start(ServerBehavior.ResetAfterRequest, "127.0.0.1");
        using ChildProgram process = Process(["teardown", "127.0.0.1", $"{server.Port}", "--payload-file", "-", "-q"]);
        process.StandardInput.Write("a\r\n");
        process.StandardInput.Close();
        Assert.Equal("", process.StandardOutput.ReadToEnd());
        Assert.True(process.WaitForExit(MaxWait));
        Assert.True(server.WaitForEnded(1, TimeSpan.FromMilliseconds(MaxWait)));
        Assert.Equal((1, 3L), (process.ExitCode, server.Connections[0].BytesReceived));
    }

    [Fact]
    public void The_list_marks_the_calls_that_did_not_simply_succeed()
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseOnAccept, "127.0.0.1");
        (_, string output, string errors) = Run("teardown", "127.0.0.1", $"{server.Port}", "-f", "list", "--verbose");
        Assert.Matches(@"(?m)^Steps +:    +\d+\.\d{3} Client  connect\(127\.0\.0\.1:\d+\) = ok", output);
        Assert.Matches(@"(?m)^ +: > +\d+\.\d{3} Client  recv = EOF", output);
        Assert.Matches($@"(?m)^127\.0\.0\.1:{server.Port} PeerClose: +\d+\.\d{{3}} Client  recv = EOF", errors);
    }

    [Theory]
    [InlineData(ServerBehavior.CloseOnAccept, 0)] // nothing is sent: otherwise payload could reach the closed socket, and its RST could reach the client before it reads the EOF
    [InlineData(ServerBehavior.ResetAfterRequest, 1, "--payload", "x")]
    [InlineData(ServerBehavior.NeverAnswer, 1, "--payload", "x")]
    public void Quiet_has_an_exit_code_for_an_orderly_close(ServerBehavior behavior, int expected, params string[] payload)
    {
        using BrokenPipeServer server = Start(behavior, "127.0.0.1");
        Assert.Equal((expected, "", ""), Run(["teardown", "127.0.0.1", $"{server.Port}", .. payload, "--wait", "0.5", "--quiet"]));
    }

    [Fact]
    public void A_connect_alone_prints_the_errno_and_the_address()
    {
        using BrokenPipeServer server = Start(ServerBehavior.NeverAnswer, "127.0.0.1");
        (int code, string output, string errors) = Run("teardown", "127.0.0.1", $"{server.Port}", "--probe", "connect", "--count", "2", "--delay", "0");
        Assert.Equal((0, "", 2), (code, errors, output.Split("connect ok 127.0.0.1").Length - 1));
        Assert.Equal((0, "", ""), Run("teardown", "127.0.0.1", $"{server.Port}", "-p", "connect", "-q"));
        int port = server.Port;
        server.Stop();
        Assert.Contains("connect ECONNREFUSED 127.0.0.1", Run("teardown", "127.0.0.1", $"{port}", "-p", "connect").Output, StringComparison.Ordinal);
        Assert.Equal((1, "", ""), Run("teardown", "127.0.0.1", $"{port}", "-p", "connect", "-q"));
    }

    [Fact]
    public void The_idle_limit_is_in_every_format()
    {
        using BrokenPipeServer server = BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = ServerBehavior.IdleTimeout, IdleTimeout = TimeSpan.FromSeconds(2) });
        string[] asked = ["teardown", "127.0.0.1", $"{server.Port}", "--probe", "idle", "--http-path", "/", "-f"];
        JsonElement test = JsonDocument.Parse(Run([.. asked, "json"]).Output).RootElement;
        Assert.InRange(test.GetProperty("SafeIdleSeconds").GetDouble(), 0.3, test.GetProperty("ClosedAfter").GetDouble()); // a busy machine's server closes late
        Assert.StartsWith("Set the idle limit of the client's pool to at most ", test.GetProperty("Advice").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^SafeIdleSeconds +: \d+(\.\d+)?$", Run([.. asked, "list"]).Output);
        Assert.Contains(",ClosedAfter,SafeIdleSeconds,", Run([.. asked, "csv"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_behavior_of_the_network_is_a_result_and_a_name_without_address_exits_with_1()
    {
        using BrokenPipeServer server = Start(ServerBehavior.CloseOnAccept, "127.0.0.1");
        server.Stop(); // no program listens there now
        (int code, string output, _) = Run("teardown", "127.0.0.1", $"{server.Port}", "-f", "csv");
        Assert.Equal((0, true), (code, output.Contains(nameof(Cause.ConnectionRefused), StringComparison.Ordinal)));
        (code, output, _) = Run("teardown", "nosuch.invalid", "80", "-f", "csv", "--timeout", "20");
        Assert.Equal((1, true), (code, output.Contains(",NameNotResolved,", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2, "PORT: 70000 is out of range, from 1 to 65535", "127.0.0.1", "70000")]
    [InlineData(2, "PORT is missing", "127.0.0.1")]
    [InlineData(2, "unknown probe 'nonsense'; valid: PeerClose", "127.0.0.1", "80", "--probe", "half-close,nonsense")]
    [InlineData(2, "unknown probe '1'", "127.0.0.1", "80", "--probe", "1")]
    [InlineData(2, "--ipv4 and --ipv6", "127.0.0.1", "80", "-4", "-6")]
    [InlineData(2, "--tls-name needs --tls", "127.0.0.1", "80", "--tls-name", "x")]
    [InlineData(2, "exclude each other", "127.0.0.1", "80", "--payload", "x", "--http-path", "/")]
    [InlineData(2, "--wait", "127.0.0.1", "80", "--wait", "-1")]
    [InlineData(2, "--count: 0 is out of range", "127.0.0.1", "80", "--count", "0")]
    [InlineData(2, "brokenpipe teardown: --http-path must begin with / and", "127.0.0.1", "80", "--http-path", "x")]
    [InlineData(2, "needs a request to send: --payload or --http-path; see --help", "127.0.0.1", "80", "--probe", "KeepAliveRace")]
    [InlineData(2, "Connect sends nothing: leave out --payload, --http-path and --tls", "127.0.0.1", "80", "--probe", "connect", "--http-path", "/")]
    [InlineData(1, "TimerFileInvalid", "127.0.0.1", "80", "--timer-file", "nosuch.csv")]
    [InlineData(1, "PayloadReadFailed", "127.0.0.1", "80", "--payload-file", "nosuch.bin")]
    public void Invalid_options_are_reported_and_nothing_is_sent(int code, string said, params string[] arguments)
    {
        (int actual, string output, string errors) = Run(["teardown", .. arguments]);
        Assert.Equal(code, actual);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1:80", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixSignals.Interrupt)]
    [InlineData(UnixSignals.Terminate)]
    public void A_signal_ends_it_with_a_report_of_the_results_so_far(int signal)
    {
        if (OperatingSystem.IsWindows())
            return; // there is no kill(1) to interrupt it with
        using BrokenPipeServer server = Start(ServerBehavior.NeverAnswer, "127.0.0.1");
        using ChildProgram process = Process(["teardown", "127.0.0.1", $"{server.Port}", "--payload", "x", "-f", "json"]);
        SpinWait.SpinUntil(() => server.Connections.Any(connection => connection.BytesReceived > 0), MaxWait);
        process.Signal(signal);
        JsonElement test = JsonDocument.Parse(process.StandardOutput.ReadToEnd()).RootElement;
        Assert.True(process.WaitForExit(MaxWait));
        Assert.Equal((128 + signal, "Cancelled", "Open"), (process.ExitCode, test.GetProperty("Status").GetString(), test.GetProperty("State").GetString()));
    }

    private static BrokenPipeServer Start(ServerBehavior behavior, string address) => BrokenPipeServer.Start(new BrokenPipeServerOptions { Behavior = behavior, Address = IPAddress.Parse(address) });

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using ChildProgram process = Process(arguments);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(MaxWait));
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    private static ChildProgram Process(string[] arguments) => ChildProgram.Start(Brokenpipe.With(arguments));
}
