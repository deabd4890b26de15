using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.RealServers;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>Installed programs, with the errors that their calls really return.</summary>
[Collection(nameof(LiveTraces))]
public sealed class RealProgramTests
{
    private const string Python = "python3";

    [TracingProgramFact("curl", "head")]
    public void Curl_into_head_gets_EPIPE_on_its_pipe()
    {
        // The server waits, because the arguments of a program can be read only if it runs longer than the trace needs to read them.
        using LocalPeer server = new(client =>
        {
            client.Send("HTTP/1.1 200 OK\r\n\r\n"u8);
            while (client.Send(new byte[4096], SocketFlags.None, out SocketError _) > 0)
                Thread.Sleep(1);
        }) { Delay = TimeSpan.FromSeconds(1) };
        TracedFailure failure = First("curl", () => ChildProgram.Run("sh", "-c", $"curl -sN http://127.0.0.1:{server.Port}/ | head -c 1"));
        Assert.Equal((TracedKind.Pipe, CallDirection.Write, "EPIPE"), (failure.Kind, failure.Direction, failure.Errno));
        Assert.Contains($"http://127.0.0.1:{server.Port}/", failure.CommandLine, StringComparison.Ordinal);
        Assert.NotEqual(PipeSignal.None, failure.Signal);
    }

    [TracingProgramFact(Python)]
    public void Python_writes_after_its_peer_has_closed()
    {
        using LocalPeer server = new(client => client.Send("a"u8));
        TracedFailure failure = First("python*", () => ChildProgram.Run(Python, "-c", $"import socket,time\ns=socket.create_connection(('127.0.0.1',{server.Port}))\nwhile s.recv(9): pass\ntime.sleep(.2)\ns.send(b'a')\ntime.sleep(.2)\ntry: s.send(b'b')\nexcept BrokenPipeError: pass"));
        Assert.Equal((CallDirection.Write, "EPIPE", PipeSignal.Ignored, EndpointRole.Client), (failure.Direction, failure.Errno, failure.Signal, failure.Role));
        Assert.Equal((Cause.WriteAfterPeerClose, FailureSide.Peer, CloseMethod.Close), (failure.Cause, failure.ClosedBy, failure.CloseMethod));
        Assert.EndsWith($"[{Environment.ProcessId}]", failure.ClosedByProcess, StringComparison.Ordinal);
        Assert.InRange(failure.ClosedBefore!.Value, 0.4, 60);
        Assert.Equal((server.Port, TracedReset.Received), (failure.RemotePort, failure.Reset));
    }

    [TracingProgramFact("redis-cli")]
    public void Redis_cli_meets_a_server_that_closes_with_its_command_unread()
    {
        using LocalPeer server = new(client => SpinWait.SpinUntil(() => client.Available > 0, LocalPeer.MaxWait));
        TracedFailure failure = First("redis-cli", () => ChildProgram.Run("redis-cli", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "ping"));
        Assert.Equal(("ECONNRESET", Cause.UnreadDataDiscarded, Confidence.High, "TCP_ABORT_ON_CLOSE"), (failure.Errno, failure.Cause, failure.Confidence, failure.ResetReason));
    }

    [TracingProgramFact("ssh")]
    public void Ssh_meets_a_server_that_aborts()
    {
        using LocalPeer server = new(client =>
        {
            client.Receive(new byte[1024]); // unread data would be the kernel's reason in place of SO_LINGER
            client.LingerState = new LingerOption(true, 0);
        });
        TracedFailure failure = First("ssh", () => ChildProgram.Run("ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-p", server.Port.ToString(CultureInfo.InvariantCulture), "127.0.0.1"));
        Assert.Equal(("ECONNRESET", Cause.AbortiveClose, CloseMethod.Abort, FailureSide.Peer), (failure.Errno, failure.Cause, failure.CloseMethod, failure.ClosedBy));
    }

    /// <summary>nginx learns of the end from epoll and SO_ERROR, so that none of its calls fails; or from its write, if it is just writing.</summary>
    [TracingProgramFact("nginx")]
    public void Nginx_sends_to_a_client_that_has_gone()
    {
        int port = RealServer.FreePorts(1)[0];
        string folder = Directory.CreateTempSubdirectory("brokenpipe-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "large"), new byte[32 << 20]);
            string configuration = Path.Combine(folder, "nginx.conf");
            File.WriteAllText(configuration, $"daemon off; master_process off; user root; error_log {folder}/error.log; pid {folder}/pid; events {{}} http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {folder}; }} }}");
            using ChildProgram nginx = ChildProgram.Start("nginx", "-p", folder, "-c", configuration);
            using Socket client = ConnectTo(port);
            int process = nginx.Id;
            TracedFailure failure = First("nginx", () =>
            {
                client.Send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n"u8);
                SpinWait.SpinUntil(() => client.Available > 10_000, LocalPeer.MaxWait);
                client.Close();
            });
            Assert.Equal(process, failure.ProcessId);
            nginx.Signal(15);
            nginx.WaitForExit();
            Assert.Contains((failure.Direction, failure.Errno), new (CallDirection, string?)[] { (CallDirection.None, null), (CallDirection.Write, "ECONNRESET") });
            Assert.Equal(("ECONNRESET", port), (failure.ErrorArmed, failure.LocalPort));
            Assert.Equal((Cause.UnreadDataDiscarded, FailureSide.Peer), (failure.Cause, failure.ClosedBy));
            Assert.EndsWith($"[{Environment.ProcessId}]", failure.ClosedByProcess, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TracingProgramFact(Python)]
    public void A_slow_connect_a_closed_listener_and_an_inherited_socket_are_not_misreported()
    {
        using LocalPeer server = new(client => client.Receive(new byte[9])) { Delay = TimeSpan.FromMilliseconds(30) };
        string script = $"""
            import os,select,socket,time
            s=socket.socket(); s.setblocking(False)
            try: s.connect(('127.0.0.1',{server.Port}))
            except BlockingIOError: pass
            select.select([],[s],[],9); s.setblocking(True); s.send(b'x'); s.recv(9); s.close()
            l=socket.socket(); l.bind(('127.0.0.1',0)); l.listen(); l.close()
            """;
        List<TracedFailure> failures = All("python*", () => ChildProgram.Run(Python, "-c", script));
        Assert.Empty(failures);

        ProgramResult? child = null;
        using LocalPeer writer = new(client =>
        {
            client.Receive(new byte[9]);
            client.Receive(new byte[9]); // the end
            client.Send("a"u8);
            Thread.Sleep(200);
            client.Send("b"u8.ToArray(), SocketFlags.None, out SocketError _);
        });
        string inherits = $"import os,socket,time\ns=socket.create_connection(('127.0.0.1',{writer.Port}))\nif os.fork()==0:\n  time.sleep(.3); s.send(b'x'); print(os.getpid(),flush=True); s.close(); time.sleep(.5); os._exit(0)\ns.close(); os.wait()";
        failures = All("*", () =>
        {
            child = ChildProgram.Run(Python, "-c", inherits);
            writer.Wait();
        });
        TracedFailure failure = Assert.Single(failures, one => one.LocalPort == writer.Port);
        Assert.Equal(("EPIPE", CloseMethod.Close, Environment.ProcessId), (failure.Errno, failure.CloseMethod, failure.ProcessId));
        Assert.EndsWith($"[{child!.Output.Trim()}]", failure.ClosedByProcess, StringComparison.Ordinal);
    }

    private static TracedFailure First(string name, Action action) => All(name, action)[0];

    private static List<TracedFailure> All(string name, Action action)
    {
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { ProcessName = one => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(name, one), IncludeClosed = true });
        using CancellationTokenSource stop = new();
        Task<List<TracedFailure>> reading = Task.Run(() => trace.Run(LocalPeer.MaxWait, stop.Token).ToList());
        action();
        Thread.Sleep(200);
        stop.Cancel();
        return reading.GetAwaiter().GetResult();
    }

    private static Socket ConnectTo(int port)
    {
        for (long begin = Environment.TickCount64; ; Thread.Sleep(50))
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return socket;
            }
            catch (SocketException) when (Environment.TickCount64 - begin < LocalPeer.MaxWait.TotalMilliseconds)
            {
                socket.Dispose();
            }
        }
    }
}

/// <summary>Skipped, with the reason, if the kernel cannot be traced here or a program is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TracingProgramFactAttribute : FactAttribute
{
    public TracingProgramFactAttribute(params string[] programs) =>
        Skip = TracedScenario.Obstacle ?? programs.Where(program => ServerProgram.Find(program) is null).Select(program => $"needs {program}").FirstOrDefault();
}
