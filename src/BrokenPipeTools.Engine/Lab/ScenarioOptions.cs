using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Lab;

/// <summary>How scenarios are run.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>Over IPv6 in place of IPv4.</summary>
    public bool IPv6 { get; init; }

    /// <summary>The folder that keeps each scenario's packets, as <c>NAME.pcapng</c> (<c>NAME-ipv6.pcapng</c>); it is created if it is missing. Null keeps none.</summary>
    public string? CapturePath { get; init; }

    /// <summary>
    /// Gets the path that could not be written and why; the scenario is then run, and its result returned, anyway.
    /// Null lets the exception out.
    /// </summary>
    public Action<string, Exception>? CaptureFailed { get; init; }

    /// <summary>Traces the kernel beside each scenario and compares; null does not.</summary>
    public ScenarioTrace? Trace { get; init; }

    /// <summary>Captures the packets of each scenario, if the process may capture; null captures none.</summary>
    public ICaptureLibrary? CaptureLibrary { get; init; }
}
