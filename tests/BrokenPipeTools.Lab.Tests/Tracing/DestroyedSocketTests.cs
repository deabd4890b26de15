using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Networks;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Testing.Processes;
using BrokenPipeTools.Tests.Lab;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>Abnormal ends by the kernel's messages about destroyed sockets: no claim of any scenario is wrong.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(LiveTraces))]
public sealed partial class DestroyedSocketTests
{
    private const int PassesUntilListed = 50; // more than the time between two listings

    private static readonly TimeSpan PauseOfReader = TimeSpan.FromMilliseconds(50);

    private static int s_passes;

    /// <summary>What the last numbers of a socket may be named, besides the promised cause: the mechanism without its context.</summary>
    private static readonly Dictionary<Cause, Cause[]> Mechanisms = new()
    {
        [Cause.EarlyResponse] = [Cause.UnreadDataDiscarded],
        [Cause.IdleTimeout] = [Cause.AbortiveClose],
        [Cause.HealthProbe] = [Cause.AbortiveClose],
        [Cause.AcceptQueueOverflow] = [Cause.ConnectTimeout, Cause.AbortiveClose], // the scenario aborts the connections that filled the queue
    };

    private static readonly string[] Judged = ["CloseWithUnreadData", "ResetOnAccept", "WriteBurstAfterClose", "ConnectionRefusedNonBlocking", "EarlyResponse", "AcceptQueueOverflow"];
    private static readonly string[] Normal = ["NormalClose", "HalfClose", "SimultaneousClose", "WriteAfterOwnShutdown", "PortReuse"];

    [LinuxFact]
    public void A_scenario_is_given_its_own_cause_or_none()
    {
        foreach (Scenario scenario in ScenarioCatalog.All.Where(one => one.Missing() is null && one.Packets.Count > 0 && !one.Needs.HasFlag(ScenarioNeeds.Root)))
        {
            ScenarioResult? run = null;
            List<TracedFailure> all = Run(null, () => run = ScenarioRunner.Run(scenario, new ScenarioOptions()));
            int[] ports = [.. run!.Steps.Select(step => ConnectedPort().Match(step.Call)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
            Assert.NotEmpty(ports);
            TracedFailure[] ends = [.. all.Where(end => ports.Any(port => port == end.LocalPort || port == end.RemotePort))]; // others on this host have theirs
            if (Normal.Contains(scenario.Name))
                Assert.Empty(ends);
            if (Judged.Contains(scenario.Name))
                Assert.Contains(ends, end => end.Confidence == Confidence.Medium);
            Cause promised = scenario.ExpectedCause!.Value;
            Assert.All(ends.Where(end => end.Cause != Cause.Undetermined), end => Assert.Contains(end.Cause, Mechanisms.GetValueOrDefault(promised, [promised])));
            Assert.All(ends, end => Assert.Equal((null, CallDirection.None), (end.Errno, end.Direction)));
            Assert.DoesNotContain(ends, end => end.Confidence == Confidence.High);
        }
    }

    [GeneratedRegex(@"^connect\(.*:(\d+)\)")]
    private static partial Regex ConnectedPort();

    [PrivilegedFact]
    public void A_path_that_drops_everything_and_a_peer_that_does_not_answer_probes_are_different_causes()
    {
        Assert.Equal((Cause.SilentDrop, Confidence.Medium), Drop(client => client.Send(new byte[700]), client => client.SetRawSocketOption(6, 18, BitConverter.GetBytes(1500)))); // TCP_USER_TIMEOUT
        Assert.Equal((Cause.KeepAliveTimeout, Confidence.Medium), Drop(_ => { }, client =>
        {
            client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 2);
        }));
    }

    private static (Cause Cause, Confidence Confidence) Drop(Action<Socket> use, Action<Socket> set)
    {
        using NetworkHost host = new();
        using Socket listener = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Socket client = host.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        List<TracedFailure> ends = Run(host.Namespace.Path, () =>
        {
            set(client);
            client.Connect(listener.LocalEndPoint!);
            using Socket server = listener.Accept();
            AwaitListing();
            host.Firewall("input", "drop");
            use(client);
            Assert.True(client.Poll(TracedSocket.MaxWait, SelectMode.SelectRead)); // its kernel gave up
            client.Dispose();
        });
        TracedFailure end = Assert.Single(ends, one => one.RemotePort == ((IPEndPoint)listener.LocalEndPoint!).Port);
        Assert.Equal((EndpointRole.Client, Environment.ProcessId), (end.Role, end.ProcessId));
        return (end.Cause, end.Confidence);
    }

    /// <summary>Waits until the sockets have been listed: by the number of passes of the reader, which a busy machine delays.</summary>
    private static void AwaitListing()
    {
        int first = Volatile.Read(ref s_passes);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref s_passes) - first > PassesUntilListed, TracedSocket.MaxWait));
    }

    private static List<TracedFailure> Run(string? place, Action action)
    {
        using DestroyedSocketSource source = DestroyedSocketSource.Start(new BrokenPipeTraceOptions { NetworkNamespace = place }, new TraceException(TraceProblemId.TraceAccessDenied, "no messages of destroyed sockets"));
        using CancellationTokenSource stop = new();
        Task<List<TracedFailure>> reading = Task.Run(() =>
        {
            List<TracedFailure> ends = [];
            while (!stop.IsCancellationRequested)
            {
                source.Wait(PauseOfReader, stop.Token);
                ends.AddRange(source.Read(isLast: false));
                Interlocked.Increment(ref s_passes);
            }

            ends.AddRange(source.Read(isLast: true));
            return ends;
        });
        action();
        Thread.Sleep(300);
        stop.Cancel();
        List<TracedFailure> all = reading.GetAwaiter().GetResult();
        Assert.Equal(0, source.Lost);
        return all;
    }
}
