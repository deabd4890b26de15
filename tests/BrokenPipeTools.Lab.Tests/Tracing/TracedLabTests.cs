using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Reports;
using BrokenPipeTools.SharpPcap.Live;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>The lab also traces the kernel: its result for each scenario agrees with the expected one, and corrects the packets if they mislead.</summary>
[Collection(nameof(LiveTraces))]
public sealed class TracedLabTests
{
    /// <summary>Scenarios for which packets alone give another cause, even in a complete capture.</summary>
    private static readonly string[] Misleading = ["ResetWhileHalfClosed", "ResetBeforeAccept", "CloseWithUnreadDataAfterAnswer", "LateDataAfterOwnShutdown"];

    private static readonly string[] Contexts = ["EarlyResponse", "SlowClientReset", "HealthProbe", "OrphanReset"];

    /// <summary>This host drops or resets the connection. Its kernel shows that, but not that an idle connection had been dropped from a table.</summary>
    private static readonly string[] Routed = ["StateExpiredDrop", "StateExpiredReset", "NatStateLost", "FirewallDrop", "ConnectTimeout", "PeerHostDown"];

    [TracingFact]
    public void Misleading_packets_are_corrected_by_the_kernel_and_contexts_from_packets_are_kept()
    {
        using ScenarioTrace trace = ScenarioTrace.Start();
        Assert.Null(trace.Note);
        foreach (string name in Misleading.Concat(Contexts))
        {
            ScenarioResult result = Run(name, trace);
            Assert.True(result.Passed, result.Problem);
            Assert.Equal(result.Cause, result.DiagnosedCause);
            Assert.Equal((null, null), (result.TraceNote, result.CaptureNote));
            Assert.NotEmpty(result.FailedCalls);
            if (Misleading.Contains(name))
                Assert.NotEqual(result.Cause, result.Connections[^1].Cause);
            else if (name != "OrphanReset")
                Assert.NotEqual(result.Cause, result.KernelCause); // a mechanism
        }
    }

    [TracingFact]
    public void A_firewall_of_this_host_is_the_mechanism_of_a_connection_that_it_dropped_from_its_table()
    {
        using ScenarioTrace trace = ScenarioTrace.Start();
        foreach (string name in Routed.Where(name => ScenarioCatalog.All.Single(one => one.Name == name).Missing() is null))
        {
            ScenarioResult result = Run(name, trace);
            Assert.True(result.Passed, $"{name}: {result.Problem}");
            Assert.NotEmpty(result.FailedCalls);
        }
    }

    [TracingFact]
    public void A_call_that_the_kernel_does_not_have_and_a_cause_that_contradicts_are_differences()
    {
        using ScenarioTrace trace = ScenarioTrace.Start();
        ScenarioResult result = Run("CloseWithUnreadData", trace);
        Assert.NotNull(new TracedCalls(result.Steps, []).Missing);
        trace.Begin();
        ScenarioRunner.Run(ScenarioCatalog.All.Single(one => one.Name == "CloseWithUnreadData"), new ScenarioOptions());
        TracedCalls calls = new(result.Steps, trace.End());
        Assert.Null(calls.Missing);
        Assert.Null(TracedCalls.Mismatch(calls.FirstOf(null), Cause.UnreadDataDiscarded));
        Assert.Null(TracedCalls.Mismatch(calls.FirstOf(null), Cause.EarlyResponse));
        Assert.Contains("UnreadDataDiscarded", TracedCalls.Mismatch(calls.FirstOf(null), Cause.WriteAfterPeerClose), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_trace_the_result_has_the_cause_of_the_packets_and_the_reason()
    {
        ScenarioResult result = ScenarioRunner.Run(ScenarioCatalog.All.Single(one => one.Name == "ResetOnAccept"), new ScenarioOptions());
        Assert.Equal(("not requested", null, null), (result.TraceNote, result.KernelCause, result.DiagnosedCause));
        Assert.Empty(result.FailedCalls);
    }

    private static ScenarioResult Run(string name, ScenarioTrace trace) =>
        ScenarioRunner.Run(ScenarioCatalog.All.Single(one => one.Name == name), new ScenarioOptions { Trace = trace, CaptureLibrary = CaptureLibrary.Instance });
}
