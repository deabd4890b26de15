using BrokenPipeTools.Capture.Live;

namespace BrokenPipeTools.Lab;

/// <summary>The options for running scenarios.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>Whether to use IPv6 in place of IPv4.</summary>
    public bool IPv6 { get; init; }

    /// <summary>
    /// The folder for the packets of each scenario, as NAME.pcapng (NAME-ipv6.pcapng). It is created if it is missing. Null if the packets are not
    /// kept.
    /// </summary>
    public string? CapturePath { get; init; }

    /// <summary>
    /// A function that receives the path that could not be written, and the reason. The scenario is run anyway, and its result is returned. If this
    /// is null, the exception is thrown.
    /// </summary>
    public Action<string, Exception>? CaptureFailed { get; init; }

    /// <summary>A trace of the kernel to compare each scenario with; null if there is none.</summary>
    public ScenarioTrace? Trace { get; init; }

    /// <summary>The library that captures the packets of each scenario, if this process may capture; null to capture none.</summary>
    public ICaptureLibrary? CaptureLibrary { get; init; }
}
