using BrokenPipeTools.Cli.Output;
using BrokenPipeTools.Lab;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Cli.Commands;

/// <summary>Runs scenarios one after the other. If one cannot run, the reason is written to standard error, and the next one runs.</summary>
internal sealed class ScenarioRun
{
    private const int Success = 0;
    private const int NotAsExpected = 1;

    private readonly ObjectWriter<ScenarioResult> _writer;
    private ScenarioOptions _options;
    private int _exitCode = Success;

    public ScenarioRun(ObjectWriter<ScenarioResult> writer, ScenarioOptions options)
    {
        _writer = writer;
        _options = options with { CaptureFailed = StopKeeping };
    }

    /// <returns>The exit code.</returns>
    public int Run(Scenario[] scenarios, CancellationToken cancellation)
    {
        bool isWarned = false;
        foreach (Scenario scenario in scenarios)
        {
            if (scenario.Missing(_options.IPv6) is { } missing)
            {
                StandardError.WriteLine($"brokenpipe: {scenario.Name} is skipped: {missing}");
                continue;
            }

            ScenarioResult result = ScenarioRunner.Run(scenario, _options, cancellation);
            _writer.Write(result);
            if (!result.Passed)
                _exitCode = NotAsExpected;
            if (isWarned || _options.CapturePath is null || result.CaptureNote is null || result.IPVersion is null)
                continue;
            isWarned = true;
            StandardError.WriteLine($"brokenpipe: warning: no packets are written to {_options.CapturePath}: {result.CaptureNote}");
        }

        return _exitCode;
    }

    private void StopKeeping(string path, Exception cause)
    {
        StandardError.WriteLine($"brokenpipe: CaptureWriteFailed: {path}: captures cannot be kept here: {cause.Message}");
        _options = _options with { CapturePath = null };
        _exitCode = NotAsExpected;
    }
}
