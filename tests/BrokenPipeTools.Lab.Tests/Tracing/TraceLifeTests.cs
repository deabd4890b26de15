using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A trace removes its instance from the kernel, and counts lost events.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(LiveTraces))]
public sealed class TraceLifeTests
{
    [TracingFact]
    public void Nothing_is_left_after_an_end_and_the_next_run_removes_the_remains_of_a_killed_one()
    {
        using TraceFileSystem files = TraceFileSystem.Open();
        using ChildProgram killed = ChildProgram.Start(Brokenpipe.With("trace"));
        Assert.StartsWith("Time", killed.StandardOutput.ReadLine(), StringComparison.Ordinal); // the heading is written when the trace has begun
        Assert.Single(Instances(files, killed.Id));
        killed.Kill();
        killed.WaitForExit();
        using (BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { RingKilobytes = 64 }))
            Assert.Empty(Instances(files, killed.Id));

        using ChildProgram interrupted = ChildProgram.Start(Brokenpipe.With("trace"));
        interrupted.StandardOutput.ReadLine();
        Assert.Single(Instances(files, interrupted.Id));
        interrupted.Interrupt();
        Assert.Equal(0, interrupted.ExitCode); // Ctrl+C is how a trace without a duration ends
        Assert.Empty(Instances(files, interrupted.Id));
    }

    [TracingFact]
    public void Loss_is_counted_exactly_and_named_in_the_records()
    {
        using KernelTrace trace = KernelTrace.Start(kilobytes: 64, allowSlow: false);
        trace.Read(out _);
        const int Calls = 20_000;
        using (BrokenPair pair = new())
        {
            for (int i = 0; i < Calls; i++)
                pair.Fail();
        }

        int seen = 0;
        for (int i = 0; i < 5; i++)
        {
            seen += trace.Read(out _).OfType<SocketCall>().Count(call => call is { IsSend: true, Result: -32 });
            Thread.Sleep(20);
        }

        Assert.InRange(seen, 1, Calls - 1);
        Assert.True(trace.Lost > 0);
        Assert.Equal(trace.Overwritten, trace.Lost);
    }

    [TracingFact]
    public void Without_a_reader_at_the_end_of_the_pipe_the_trace_ends()
    {
        using ChildProgram trace = ChildProgram.Start(Brokenpipe.With("trace", "--process-name", "no-such-program", "--duration", "0.3", "-f", "csv"));
        string output = trace.StandardOutput.ReadToEnd();
        Assert.Equal(0, trace.ExitCode);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Uses the method for kernels before Linux 6.3, which also works on this kernel: the calls and their errors, without the socket.</summary>
    [TracingFact]
    public void Exits_of_system_calls_replace_missing_events_and_the_record_names_missing_columns()
    {
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { Force = true, PreferSystemCalls = true, ProcessIds = [Environment.ProcessId] });
        using (BrokenPair pair = new())
            pair.Fail();
        TracedFailure failure = Assert.Single(trace.Read(isLast: true), one => one.ThreadId == UnixThread.Id());
        Assert.Equal((CallDirection.Write, "EPIPE", TracedKind.Unknown, PipeSignal.Ignored), (failure.Direction, failure.Errno, failure.Kind, failure.Signal));
        Assert.Contains(failure.Quality, line => line.Contains("sock_send_length", StringComparison.Ordinal));
        Assert.NotEmpty(trace.Lacks);
    }

    [LinuxFact]
    public void A_path_that_is_not_a_network_namespace_is_an_error_at_the_start()
    {
        Assert.Equal(TraceProblemId.NetworkNamespaceInvalid, Assert.Throws<TraceException>(() => BrokenPipeTrace.Start(new BrokenPipeTraceOptions { NetworkNamespace = "/etc/passwd" })).Id);
        Assert.Equal(TraceProblemId.NetworkNamespaceNotFound, Assert.Throws<TraceException>(() => BrokenPipeTrace.Start(new BrokenPipeTraceOptions { NetworkNamespace = "4194999" })).Id);
    }

    private static string[] Instances(TraceFileSystem files, int process) => Directory.GetDirectories(Path.Combine(files.Root, "instances"), $"brokenpipe-{process}-*");

    /// <summary>A socket whose sending side is shut down: each send is EPIPE.</summary>
    private sealed class BrokenPair : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public BrokenPair()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            _client.Connect(_listener.LocalEndPoint!);
            _client.Shutdown(SocketShutdown.Send);
        }

        public void Fail()
        {
            _client.Send([1], SocketFlags.None, out SocketError error);
            Assert.Equal(SocketError.Shutdown, error);
        }

        public void Dispose()
        {
            _client.Dispose();
            _listener.Dispose();
        }
    }

    private static class UnixThread
    {
        [DllImport("libc", EntryPoint = "gettid")]
        public static extern int Id();
    }
}
