using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A kind of probe and its description in one line.</summary>
/// <param name="Probe">The kind of probe.</param>
/// <param name="Summary">The description: one sentence, shown in completion and in the help.</param>
internal sealed record TeardownProbeSummary(TeardownProbeKind Probe, string Summary);

/// <summary>The table of all probes.</summary>
internal static class TeardownProbes
{
    /// <summary>All probes, the most usual one first.</summary>
    public static IReadOnlyList<TeardownProbeSummary> All { get; } =
    [
        new(TeardownProbeKind.PeerClose, "Sends the payload, waits for the peer to close, then reads, writes and writes again."),
        new(TeardownProbeKind.HalfClose, "Sends the payload, then FIN, and reports whether the peer finishes, resets, or ignores it."),
        new(TeardownProbeKind.Idle, "Sends the payload, then nothing, up to a limit; then checks whether the connection is still open."),
        new(TeardownProbeKind.UnreadClose, "Waits for the answer and closes without reading it, so that the kernel sends RST."),
        new(TeardownProbeKind.KeepAliveRace, "Sends one request after another on one connection until the peer closes."),
        new(TeardownProbeKind.Connect, "Connects to every address of the name, sends nothing, and closes."),
    ];
}
