using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Probes;

/// <summary>The actions of one kind of probe on its connection. An action object is stateless.</summary>
internal abstract class ProbeAction
{
    public static ProbeAction For(TeardownProbeKind kind) => kind switch
    {
        TeardownProbeKind.PeerClose => new PeerCloseProbe(),
        TeardownProbeKind.HalfClose => new HalfCloseProbe(),
        TeardownProbeKind.Idle => new IdleProbe(),
        TeardownProbeKind.UnreadClose => new UnreadCloseProbe(),
        TeardownProbeKind.KeepAliveRace => new KeepAliveRaceProbe(),
        TeardownProbeKind.Connect => new ConnectProbe(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Makes the calls and records their results. When it is canceled, it returns early without an exception.</summary>
    public abstract Task RunAsync(ProbeConnection connection, CancellationToken cancellation);
}
