using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Testing.Processes;

namespace BrokenPipeTools.Tests.Cli;

/// <summary><c>brokenpipe serve</c> as a process.</summary>
public sealed class ServeCommandTests
{
    private const int MaxWait = 60_000;

    [Theory]
    [InlineData("127.0.0.1", "reset-on-accept")]
    [InlineData("::1", "ResetOnAccept")]
    public void A_connection_is_printed_when_it_ends_and_an_interrupt_is_a_success(string address, string behavior)
    {
        if (OperatingSystem.IsWindows())
            return; // there is no kill(1) to interrupt it with
        using ChildProgram process = Start("serve", behavior, "--address", address, "--format", "json");
        int port = PortOf(process.StandardError.ReadLine()!);
        Connect(address, port);
        JsonElement served = JsonDocument.Parse(process.StandardOutput.ReadLine()!).RootElement;
        Assert.Equal(typeof(ServedConnection).GetProperties().Select(p => p.Name), served.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("ResetOnAccept", "ResetByServer", address, port), (served.GetProperty("Behavior").GetString(), served.GetProperty("Ending").GetString(), served.GetProperty("RemoteAddress").GetString(), served.GetProperty("LocalPort").GetInt32()));
        Assert.Equal(JsonValueKind.Null, served.GetProperty("Error").ValueKind);
        Interrupt(process);
        Assert.Equal((0, "", ""), (process.ExitCode, process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd()));
    }

    [Fact]
    public void Csv_has_a_header_and_quotes_and_open_connections_are_printed_at_the_end()
    {
        if (OperatingSystem.IsWindows())
            return;
        using ChildProgram process = Start("serve", "HttpJson", "-f", "csv");
        int port = PortOf(process.StandardError.ReadLine()!);
        using (Socket client = Connect("127.0.0.1", port))
        {
            client.Send("say \"a,b\"\n"u8);
            while (client.Receive(new byte[1000]) > 0)
            {
            }
        }

        Assert.Equal(string.Join(',', typeof(ServedConnection).GetProperties().Select(p => p.Name)), process.StandardOutput.ReadLine());
        Assert.Matches(@",10,\d+,1,""say """"a,b"""""",ClosedByServer,,,,,HttpJson$", process.StandardOutput.ReadLine());
        using Socket open = Connect("127.0.0.1", port);
        open.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.True(open.Receive(new byte[1000]) > 0);
        Interrupt(process);
        Assert.EndsWith(",Stopped,,,,,HttpJson", process.StandardOutput.ReadToEnd().TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>timeout(1) signals the command, and then the group to which the command belongs. A stall between the two makes them different ones.</summary>
    [Fact]
    public void Two_signals_right_after_each_other_are_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        for (int attempt = 1; ; attempt++)
        {
            using ChildProgram process = Start("serve", "HttpJson", "-f", "csv");
            using Socket open = Connect("127.0.0.1", PortOf(process.StandardError.ReadLine()!));
            open.Send("GET / HTTP/1.1\r\n\r\n"u8);
            Assert.True(open.Receive(new byte[1000]) > 0);
            process.Interrupt();
            Thread.Sleep(1); // the kernel delivers two equal signals as one if the first is still pending
            Interrupt(process);
            string printed = process.StandardOutput.ReadToEnd();
            if (process.ExitCode == 0 || attempt == 5)
            {
                Assert.Equal(0, process.ExitCode);
                Assert.EndsWith(",Stopped,,,,,HttpJson", printed.TrimEnd(), StringComparison.Ordinal);
                return;
            }
        }
    }

    [Fact]
    public void A_Unix_domain_socket_is_removed_at_the_end()
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = Path.Combine(Path.GetTempPath(), $"brokenpipe-{Guid.NewGuid():N}.sock");
        using ChildProgram process = Start("serve", "unix-sink", "--unix", path, "--format", "list");
        process.StandardError.ReadLine();
        using (Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            client.Connect(new UnixDomainSocketEndPoint(path));
            client.Send("one\ntwo"u8);
        }

        List<string> lines = [];
        while (process.StandardOutput.ReadLine() is { Length: > 0 } line)
            lines.Add(line);
        Assert.Contains(@"RequestLine   : one\x0atwo", lines); // on one line, and the line feed is shown
        Interrupt(process);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void List_names_every_behavior()
    {
        using ChildProgram process = Start("serve", "--list", "--format", "csv");
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(process.WaitForExit(MaxWait));
        Assert.Equal(["Behavior", .. Enum.GetNames<ServerBehavior>()], lines.Select(l => l.Split(',')[0]));
    }

    [Theory]
    [InlineData(2, "BEHAVIOR", "serve")]
    [InlineData(2, "ResetOnAccept", "serve", "nonsense")]
    [InlineData(2, "ResetOnAccept", "serve", "3")]
    [InlineData(2, "is not an IP address", "serve", "HttpHtml", "--address", "here")]
    [InlineData(2, "--interval", "serve", "HttpHtml", "--interval", "-1")]
    [InlineData(2, "--port: 70000 is out of range", "serve", "HttpHtml", "--port", "70000")]
    [InlineData(2, "--unix needs UnixSink: HttpHtml listens on TCP", "serve", "HttpHtml", "--unix", "x")]
    [InlineData(2, "ForwardThenReset needs --after-bytes, --after-requests or --after-time", "serve", "ForwardThenReset", "--upstream", "localhost:80")]
    [InlineData(2, "unknown value 'nonsense'; valid: Connection, Request", "serve", "HttpHtml", "--per", "nonsense")]
    [InlineData(2, "--probability: 2 is out of range", "serve", "Refuse,HttpHtml", "--probability", "2")]
    [InlineData(2, "--probability needs two or more behaviors", "serve", "HttpHtml", "--probability", "0.5")]
    [InlineData(2, "--loop and --probability exclude each other", "serve", "Refuse,HttpHtml", "--probability", "0.5", "--loop")]
    [InlineData(2, "ForwardThenReset needs --upstream", "serve", "ForwardThenReset")]
    [InlineData(2, "--upstream: 'here' is not an upstream server", "serve", "Forward", "--upstream", "here")]
    [InlineData(2, "--upstream: '127.0.0.1:45555' is this server itself", "serve", "Forward", "--port", "45555", "--upstream", "127.0.0.1:45555")]
    [InlineData(2, "--upstream: 'localhost:45555' is this server itself", "serve", "Forward", "--port", "45555", "--address", "::", "--upstream", "localhost:45555")]
    [InlineData(2, "--upstream needs a behavior that forwards", "serve", "HttpHtml", "--upstream", "localhost:80")]
    [InlineData(2, "--after-time needs a behavior that fails", "serve", "HttpHtml", "--after-time", "1")]
    [InlineData(2, "--no-close-notify needs --tls", "serve", "HttpHtml", "--no-close-notify")]
    [InlineData(2, "ResetBeforeHandshake needs --tls", "serve", "ResetBeforeHandshake")]
    [InlineData(2, "--per: Refuse acts before a connection is accepted", "serve", "Refuse,HttpHtml", "--per", "request")]
    [InlineData(2, "--port: UnixSink has no port", "serve", "UnixSink", "--port", "80")]
    [InlineData(2, "--tls: UnixSink has no TLS", "serve", "UnixSink", "--tls")]
    [InlineData(2, "BEHAVIOR: UnixSink cannot be combined", "serve", "HttpHtml,UnixSink")]
    [InlineData(1, "CertificateInvalid: /nonexistent/x.pem: no such folder", "serve", "HttpHtml", "--certificate", "/nonexistent/x.pem")]
    [InlineData(2, "--certificate-key needs --certificate", "serve", "HttpHtml", "--certificate-key", "x.pem")]
    [InlineData(2, "--certificate-out needs --tls, without --certificate", "serve", "HttpHtml", "--certificate-out", "x.pem")]
    [InlineData(1, "the certificate cannot be written", "serve", "HttpHtml", "--tls", "--certificate-out", "/nonexistent/x.pem")]
    [InlineData(1, "CertificateInvalid: /nonexistent", "serve", "HttpHtml", "--certificate", "/nonexistent")]
    [InlineData(1, "AddressNotAvailable", "serve", "HttpHtml", "--address", "192.0.2.1")]
    public async Task Invalid_servers_are_reported(int code, string said, params string[] arguments)
    {
        using ChildProgram process = Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.Contains(said, await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(process.WaitForExit(MaxWait));
        Assert.Equal(code, process.ExitCode);
        Assert.DoesNotContain("at BrokenPipeTools", await output, StringComparison.Ordinal);
    }

    private static int PortOf(string announcement) =>
        int.Parse(Regex.Match(announcement, @":(\d+)  \(Ctrl\+C ends it\)$").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static Socket Connect(string address, int port)
    {
        Socket socket = new(System.Net.IPAddress.Parse(address).AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = MaxWait };
        socket.Connect(address, port);
        return socket;
    }

    private static void Interrupt(ChildProgram process)
    {
        process.Interrupt();
        Assert.True(process.WaitForExit(MaxWait));
    }

    private static ChildProgram Start(params string[] arguments) => ChildProgram.Start(Brokenpipe.With(arguments));
}
