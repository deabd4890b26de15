using BrokenPipeTools.Capture.Live;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;
using BrokenPipeTools.Testing.Building;
using BrokenPipeTools.Testing.Networks;
using BrokenPipeTools.Tracing;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>A traced failure and the packets of its connection.</summary>
[Collection(nameof(LiveTraces))]
public sealed class PacketJoinTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    [Fact]
    public void One_connection_is_joined_and_several_are_named()
    {
        ConnectionClose record = Record();
        PacketJoin join = new("lo", MaxWait);
        join.Add(Failure(record), record.EndTime);
        Assert.Empty(join.Take(record.EndTime, isLast: false));
        join.Add(record);
        TracedFailure joined = Assert.Single(join.Take(record.EndTime, isLast: false));
        Assert.Same(record, joined.Connection);
        Assert.Equal((Cause.UnreadDataDiscarded, Confidence.High), (joined.Cause, joined.Confidence)); // the kernel's proof
        Assert.Contains(joined.Evidence, line => line.StartsWith("packets: stream 0", StringComparison.Ordinal));

        join.Add(record);
        join.Add(Failure(record), record.EndTime);
        TracedFailure ambiguous = Assert.Single(join.Take(record.EndTime, isLast: false));
        Assert.Null(ambiguous.Connection);
        Assert.Contains(ambiguous.Quality, line => line.Contains("2 captured connections", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_without_packets_waits_for_a_bounded_time_and_others_do_not_wait()
    {
        ConnectionClose record = Record();
        PacketJoin join = new("eth0", MaxWait);
        TracedFailure pipe = Failure(record) with { Kind = TracedKind.Pipe, LocalPort = null };
        join.Add(pipe, record.EndTime);
        Assert.Same(pipe, Assert.Single(join.Take(record.EndTime, isLast: false)));
        join.Add(Failure(record), record.EndTime);
        Assert.Empty(join.Take(record.EndTime, isLast: false));
        TracedFailure late = Assert.Single(join.Take(record.EndTime + MaxWait * 2, isLast: false));
        Assert.Contains(late.Quality, line => line.StartsWith("no packets of it were captured on eth0", StringComparison.Ordinal));
        join.Add(Failure(record) with { Time = record.StartTime.AddSeconds(-5) }, record.EndTime); // an earlier connection with the same ports
        join.Add(record);
        Assert.Null(Assert.Single(join.Take(record.EndTime, isLast: true)).Connection);
    }

    [TracingFact]
    public void The_kernels_mechanism_is_refined_by_the_packets_of_the_same_connection()
    {
        if (Loopback.Obstacle is not null)
            return;
        using BrokenPipeTrace trace = BrokenPipeTrace.Start(new BrokenPipeTraceOptions { ProcessIds = [Environment.ProcessId] });
        using TracedAnalysis both = TracedAnalysis.Start(trace, CaptureLibrary.Instance, new LiveCaptureOptions { InterfaceName = "lo" });
        using CancellationTokenSource stop = new();
        Task<List<TracedFailure>> reading = Task.Run(() => both.Run(LocalPeer.MaxWait, stop.Token).ToList());
        foreach (string name in new[] { "EarlyResponse", "ResetWhileHalfClosed", "CloseWithUnreadDataAfterAnswer" })
            ScenarioRunner.Run(ScenarioCatalog.All.Single(one => one.Name == name), new ScenarioOptions());
        stop.Cancel();
        List<TracedFailure> failures = reading.GetAwaiter().GetResult();
        Assert.All(failures, failure => Assert.NotNull(failure.Connection));
        Assert.Equal(["EarlyResponse High", "AbortiveClose High", "UnreadDataDiscarded High"], failures.Select(failure => $"{failure.Cause} {failure.Confidence}").Distinct());
        Assert.Contains(failures[0].Evidence, line => line.Contains("kernel: RST sent to it: TCP_ABORT_ON_CLOSE", StringComparison.Ordinal));
        Assert.Equal(0, both.Dropped);
    }

    private static ConnectionClose Record() => PacketScript.One("C:SYN\nS:SYN-ACK\nC:ACK\nC:DATA(50)\nS:ACK\nS:RST-ACK");

    private static TracedFailure Failure(ConnectionClose record) => new()
    {
        Time = record.EndTime, Process = "program", ProcessId = 7, ThreadId = 7, CommandLine = null, ContainerId = null, Direction = CallDirection.Read, Errno = "ECONNRESET",
        Signal = PipeSignal.None, Kind = TracedKind.Tcp, LocalAddress = record.ClientAddress, LocalPort = record.ClientPort, RemoteAddress = record.ServerAddress, RemotePort = record.ServerPort,
        Role = EndpointRole.Client, TcpState = "CLOSE", ClosedBy = FailureSide.Peer, CloseMethod = CloseMethod.Close, ClosedByProcess = null, ClosedBefore = 0, Reset = TracedReset.Received,
        ResetReason = "TCP_ABORT_ON_CLOSE", ResetBefore = 0, ErrorArmed = "ECONNRESET", Retransmissions = 0, SocketCookie = 1, Cause = Cause.UnreadDataDiscarded, Confidence = Confidence.High,
        Explanation = "program[7] read: ECONNRESET.", Advice = "", Evidence = [], Quality = [],
    };
}
