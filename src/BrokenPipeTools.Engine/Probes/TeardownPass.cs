using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>Decides whether a test passed, for <c>-Quiet</c>.</summary>
internal static class TeardownPass
{
    /// <summary>
    /// Returns whether the probe was completed and nothing was cut off: the peer closed with FIN, and no request of a KeepAliveRace was lost.
    /// A peer that did not close during the probe passes if the probe does not require a close: <see cref="TeardownProbeKind.Idle"/>,
    /// <see cref="TeardownProbeKind.Connect"/>, and, if it had answered, <see cref="TeardownProbeKind.UnreadClose"/> and
    /// <see cref="TeardownProbeKind.KeepAliveRace"/>. Errors of a certificate and a missing close_notify are ignored.
    /// </summary>
    public static bool Of(TeardownTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return test.Status == TeardownStatus.Completed && test.Mechanism switch
        {
            CloseMechanism.Fin => test is not { Probe: TeardownProbeKind.KeepAliveRace, Cause: Cause.WriteAfterPeerClose },
            CloseMechanism.None => test.Probe switch
            {
                TeardownProbeKind.Idle or TeardownProbeKind.Connect => true,
                TeardownProbeKind.UnreadClose => test.ClosedBy == ClosedBy.Client, // otherwise there was nothing to leave unread
                TeardownProbeKind.KeepAliveRace => test.Requests > 0,
                _ => false,
            },
            _ => false,
        };
    }
}
