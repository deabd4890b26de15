using System.Runtime.Versioning;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Lab.Scenarios;
using BrokenPipeTools.Testing.Captures;

namespace BrokenPipeTools.Tests.Tracing;

/// <summary>The recording that ships with the tests, made of four scenarios. UPDATE_EXPECTED=1 as root records it again.</summary>
[SupportedOSPlatform("linux")]
[Collection(nameof(LiveTraces))]
public sealed class TraceRecordingTests
{
    private static readonly string[] Recorded = ["WriteAfterClose", "CloseWithUnreadData", "ConnectionRefused", "PipeReaderGone"];

    [TracingFact]
    public void A_recording_has_the_failed_calls_that_the_shipped_one_has()
    {
        TraceRecording recording = TraceRecording.Record(() => Array.ForEach(Recorded, name => ScenarioRunner.Run(ScenarioCatalog.All.Single(one => one.Name == name), new ScenarioOptions())));
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
            recording.Save(TraceRecording.Shipped);
        Assert.Equal(Calls(TraceRecording.Load(TraceRecording.Shipped)), Calls(recording));
    }

    private static string[] Calls(TraceRecording recording) => [.. recording.Failures().Select(one => $"{one.Kind} {one.Direction} {one.Errno}")];
}
