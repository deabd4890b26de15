using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Lab;

/// <summary>The options for running scenarios.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>Whether to use IPv6 in place of IPv4.</summary>
    public bool IPv6 { get; init; }

    /// <summary>The folder for each scenario's packets, as NAME.pcapng (NAME-ipv6.pcapng); it is created if it is missing. Null: packets are not kept.</summary>
    public string? CapturePath { get; init; }

    /// <summary>
    /// Receives the path that could not be written, and the reason; the scenario is run anyway, and its result returned. If it is null, the exception
    /// is thrown.
    /// </summary>
    public Action<string, Exception>? CaptureFailed { get; init; }

    /// <summary>A trace of the kernel to compare with each scenario; null for none.</summary>
    public ScenarioTrace? Trace { get; init; }

    /// <summary>Captures the packets of each scenario, if the process may capture; null: no packets are captured.</summary>
    public ICaptureLibrary? CaptureLibrary { get; init; }
}
