using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>A test as yes or no: what <c>-Quiet</c> answers.</summary>
public static class TeardownPass
{
    /// <summary>
    /// Whether the probe came to its end and nothing was cut off: the peer closed with FIN. Where the peer need not close
    /// (<see cref="TeardownProbeKind.Idle"/>, <see cref="TeardownProbeKind.UnreadClose"/>, <see cref="TeardownProbeKind.KeepAliveRace"/>),
    /// that it did not is good too; a peer that is waited for in vain has not passed, nor one whose close lost a request of a
    /// KeepAliveRace. What is wrong with a certificate, and a missing close_notify, do not count.
    /// </summary>
    public static bool Of(TeardownTest test)
    {
        ArgumentNullException.ThrowIfNull(test);
        return test.Status == TeardownStatus.Completed && test.Mechanism switch
        {
            CloseMechanism.Fin => test is not { Probe: TeardownProbeKind.KeepAliveRace, Cause: Cause.WriteAfterPeerClose },
            CloseMechanism.None => test.Probe is not (TeardownProbeKind.PeerClose or TeardownProbeKind.HalfClose),
            _ => false,
        };
    }
}
