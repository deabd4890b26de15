using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>Finds which side ended a connection first, and how.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ClosingFinder(ProcessTable processes, SocketTable sockets)
{
    private const int Aborted = 103; // ECONNABORTED: tcp_abort
    private const int TimedOut = 110; // ETIMEDOUT
    private const int Abort = 6; // SIGABRT
    private const int FromProgram = 0; // si_code of a fault is above this

    /// <summary>The longest time between a signal that a program handles and the end of the program.</summary>
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(10);

    private static readonly long SameMoment = Nanoseconds.From(TimeSpan.FromMilliseconds(1));

    /// <summary>Returns how a program at the other end reset the connection; null if no program did.</summary>
    public ClosingAct? PeerAbort(FailedCall call) => call.Life is { ResetFrom: { } reset } life && IsActive(reset) && PeerReset(life, call) is { } act && act.Time <= call.Time ? act : null;

    /// <summary>Finds the first action that ended the connection. Returns null if nothing ended it before the call.</summary>
    public ClosingAct? First(FailedCall call)
    {
        if (call.Life is not { } life)
            return null;
        return new[] { LocalFin(life, call), LocalReset(life), PeerFin(life), PeerReset(life, call), GiveUp(life) }
            .Where(act => act is not null && act.Time <= call.Time)
            .MinBy(act => act!.Time);
    }

    private static CloseMethod FinMethod(SocketLife life)
    {
        if (life is { LastCall: { } later, FinSent: { } sent } && later.Time > sent.Time)
            return CloseMethod.Shutdown; // a program still has the socket
        if (life.Destroyed is { } destroyed && life.Closed is { } closed && destroyed - closed < SameMoment && life.ClosedFrom is TcpPhase.LastAck or TcpPhase.Closing)
            return CloseMethod.Close;
        if (life.FinAcknowledged is not { } acknowledged)
            return CloseMethod.Unknown;
        // A socket without a descriptor changes from FIN_WAIT2 to TIME_WAIT immediately. A socket that a program still has does not.
        return life is { ClosedFrom: TcpPhase.FinWait2, Closed: { } end } && end - acknowledged < SameMoment ? CloseMethod.Close : CloseMethod.Shutdown;
    }

    private static bool IsActive(ResetSent reset) => reset.Reason is "TCP_ABORT_ON_CLOSE" or "TCP_ABORT_ON_LINGER" or "TCP_ABORT_ON_MEMORY" or "TCP_STATE" or "TCP_DISCONNECT_WITH_DATA" or "TCP_KEEPALIVE_TIMEOUT" || (reset.Origin.IsTask && reset.Reason is null or "NOT_SPECIFIED");

    private ClosingAct? LocalFin(SocketLife life, FailedCall call) => life.FinSent is { } act
        ? OfThread(act.Time, act.Thread, FailureSide.Local, call.Direction == CallDirection.None ? FinMethod(life) : CloseMethod.Shutdown, isReset: false)
        : null;

    private ClosingAct? LocalReset(SocketLife life) => life is { ResetGiven: { } reset, ResetIsOwn: false } && IsActive(reset) ? OfReset(reset, life, FailureSide.Local, reset.Origin.Time) : null;

    private ClosingAct? PeerFin(SocketLife life) => (life.Peer?.FinSent, life.FinReceived) switch
    {
        ({ } act, _) => OfThread(act.Time, act.Thread, FailureSide.Peer, FinMethod(life.Peer!), isReset: false),
        (null, { } time) => new ClosingAct(time, FailureSide.Peer, CloseMethod.Unknown, false, null),
        _ => null,
    };

    private ClosingAct? PeerReset(SocketLife life, FailedCall call)
    {
        if (life.ResetTaken is not { } time || life.ResetIsOwn)
            return null;
        if (life.ResetFrom is { } reset)
            return IsActive(reset) ? OfReset(reset, life.Peer, FailureSide.Peer, Math.Min(time, reset.Origin.Time)) : new ClosingAct(time, FailureSide.Peer, CloseMethod.Unknown, true, null);
        FailureSide side = sockets.ShowsForgery(call) ? FailureSide.Network : life.Peer is not null ? FailureSide.Unknown : FailureSide.Peer;
        return new ClosingAct(time, side, CloseMethod.Unknown, true, null);
    }

    private static ClosingAct? GiveUp(SocketLife life) => life.Error is { Errno: TimedOut } error ? new ClosingAct(error.Origin.Time, FailureSide.Local, CloseMethod.GaveUp, false, null) : null;

    private ClosingAct OfReset(ResetSent reset, SocketLife? sender, FailureSide side, long time)
    {
        if (reset.Reason == "TCP_KEEPALIVE_TIMEOUT")
            return new ClosingAct(time, side, CloseMethod.GaveUp, true, null);
        if (sender?.Error is { Errno: Aborted } error)
            return new ClosingAct(time, side, CloseMethod.Destroyed, true, null, processes.Of(error.Origin.Thread));
        CloseMethod method = reset.Reason switch
        {
            "TCP_ABORT_ON_CLOSE" or "TCP_ABORT_ON_LINGER" or "TCP_ABORT_ON_MEMORY" => CloseMethod.Close,
            "TCP_STATE" when processes.HasClosedListener(reset.Origin.Thread, reset.Origin.Time) => CloseMethod.ListenerClosed,
            "TCP_STATE" when sender?.Destroyed is { } destroyed && destroyed - reset.Origin.Time < SameMoment => CloseMethod.Abort,
            _ => CloseMethod.Unknown,
        };
        return OfThread(time, reset.Origin.Thread, side, method, isReset: true);
    }

    /// <summary>Makes the action of a thread. When a process exits, its files are closed by the thread that exits last.</summary>
    private ClosingAct OfThread(long time, int thread, FailureSide side, CloseMethod method, bool isReset)
    {
        ProcessInfo process = processes.Of(thread);
        if (processes.ExitOf(thread, time) is not { } exit)
            return new ClosingAct(time, side, method, isReset, process);
        SignalSent? signal = processes.SignalTo(process.Id, exit.Origin.Time, EndingTime) ?? processes.SignalTo(thread, exit.Origin.Time, EndingTime);
        if (signal is null)
            return new ClosingAct(time, side, CloseMethod.Exit, isReset, process);
        ProcessInfo sender = processes.Of(signal.Origin.Thread);
        bool isOwn = signal.Code > FromProgram || (signal.Signal == Abort && sender.Id == process.Id);
        return isOwn
            ? new ClosingAct(time, side, CloseMethod.Crashed, isReset, process, null, signal.Signal)
            : new ClosingAct(time, side, CloseMethod.Killed, isReset, process, sender, signal.Signal);
    }
}
