using System.Runtime.Versioning;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Processes the kernel's events and collects the failed calls. A call is kept for some milliseconds before it is returned, for two reasons. A RST
/// that another CPU sent is traced after its receiver's call has returned. And if no socket call follows a SIGPIPE, the signal came from a pipe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TraceState(ProcessTable processes, bool includeClosed)
{
    private const int SignalPipe = 13;
    private const int UnixFamily = 1;
    private const int BrokenPipe = 32; // EPIPE
    private const int AddressNotAvailable = 99; // EADDRNOTAVAIL
    private const int MostHeld = 100_000;

    /// <summary>How long a call is kept.</summary>
    public static readonly TimeSpan Holding = TimeSpan.FromMilliseconds(30);

    private readonly List<FailedCall> _held = [];
    private readonly Dictionary<int, (SignalSent Signal, ProcessInfo Process)> _signals = []; // signals of threads whose write has not returned yet

    public SocketTable Sockets { get; } = new();

    public ProcessTable Processes => processes;

    /// <summary>The number of failed calls that were not kept because there were too many.</summary>
    public long Dropped { get; private set; }

    /// <summary>The number of events that were lost so far.</summary>
    public long Lost { get; set; }

    /// <summary>Processes an event.</summary>
    public void Add(KernelEvent one)
    {
        switch (one)
        {
            case SocketCall call:
                Return(call);
                break;
            case StateChange change:
                Change(change);
                break;
            case ErrorArmed error:
                Sockets.Arm(error);
                break;
            case ResetReceived reset:
                Sockets.TakeReset(reset);
                break;
            case ResetSent reset:
                Sockets.SendReset(reset);
                break;
            case Retransmission again:
                Sockets.Retransmit(again);
                break;
            case SocketDestroyed end:
                Destroy(end);
                break;
            case SignalSent { Signal: SignalPipe } signal:
                Raise(signal);
                break;
            case SignalSent signal:
                processes.Signal(signal);
                break;
            case ThreadExit exit:
                processes.Exit(exit);
                break;
            case ProgramStart start:
                processes.Start(start);
                break;
            case PacketDropped drop:
                Sockets.Drop(drop);
                break;
            case SystemCallFailed call:
                Fail(call);
                break;
        }
    }

    /// <summary>Removes the failed calls that were kept long enough, and returns them.</summary>
    /// <param name="horizon">The time up to which all events have been read; <see cref="long.MaxValue"/> for all of them.</param>
    public IReadOnlyList<FailedCall> Take(long horizon)
    {
        long limit = horizon == long.MaxValue ? horizon : horizon - Nanoseconds.From(Holding);
        foreach ((SignalSent signal, ProcessInfo process) in _signals.Values.Where(one => one.Signal.Origin.Time <= limit).ToArray())
        {
            _signals.Remove(signal.Origin.Thread);
            Hold(PipeWrite(signal, process));
        }

        FailedCall[] ready = [.. _held.Where(call => call.Time <= limit).OrderBy(call => call.Time)];
        _held.RemoveAll(call => call.Time <= limit);
        return ready;
    }

    private static TracedKind KindOf(SocketCall call) => call.Family == UnixFamily ? TracedKind.Unix : TracedKind.Tcp;

    private void Return(SocketCall call)
    {
        SocketLife? life = call.Family == UnixFamily ? null : Sockets.Find(call.Socket);
        if (life is not null)
            life.LastCall = new SocketAct(call.Origin.Time, call.Origin.Thread);
        if (call.Result >= 0)
        {
            if (life is not null && call.Result == 0 && !call.IsSend)
                life.EndRead ??= call.Origin.Time;
            return;
        }

        if (life?.Error is { } error && error.Errno == -call.Result)
            life.IsErrorTaken = true;
        SignalSent? signal = null;
        ProcessInfo? process = null;
        if (call is { IsSend: true, Result: -BrokenPipe } && _signals.Remove(call.Origin.Thread, out (SignalSent Signal, ProcessInfo Process) raised))
            (signal, process) = raised;
        FailedCall failed = new()
        {
            Time = call.Origin.Time,
            Direction = call.IsSend ? CallDirection.Write : CallDirection.Read,
            Kind = KindOf(call),
            Errno = -call.Result,
            Thread = call.Origin.Thread,
            Process = process ?? processes.Of(call.Origin.Thread),
            Life = life,
            Phase = life?.Phase ?? TcpPhase.Unknown,
            Signal = signal,
            Retransmissions = life?.Retransmissions ?? 0,
            Lost = Lost,
        };
        if (TakenBefore(failed) is { } taken)
            Hold(taken);
        Hold(failed);
    }

    /// <summary>
    /// Handles a call that returned EPIPE although another error was pending. An earlier call must have returned that error, and only
    /// getsockopt(SO_ERROR) has no event. Returns null if this is impossible.
    /// </summary>
    private FailedCall? TakenBefore(FailedCall failed)
    {
        if (failed is not { Errno: BrokenPipe, Life: { WasEstablished: true, IsErrorTaken: false, Error: { Errno: not BrokenPipe } error } life } || Lost > 0)
            return null;
        life.IsErrorTaken = true;
        return failed with { Direction = CallDirection.Status, Errno = error.Errno, Signal = null, Thread = 0 };
    }

    /// <summary>
    /// Handles SIGPIPE. A thread gets it because of its own write. A SIGPIPE from kill(2) has another code and another sender, and is ignored.
    /// </summary>
    private void Raise(SignalSent signal)
    {
        if (signal.Target != signal.Origin.Thread || signal.IsToProcess || signal.Code != 0 || !signal.Origin.IsTask)
            return;
        if (_signals.Remove(signal.Origin.Thread, out (SignalSent Signal, ProcessInfo Process) earlier))
            Hold(PipeWrite(earlier.Signal, earlier.Process));
        _signals[signal.Origin.Thread] = (signal, processes.Of(signal.Origin.Thread, signal.TargetName));
    }

    private FailedCall PipeWrite(SignalSent signal, ProcessInfo process) => new()
    {
        Time = signal.Origin.Time,
        Direction = CallDirection.Write,
        Kind = TracedKind.Pipe,
        Errno = BrokenPipe,
        Thread = signal.Origin.Thread,
        Process = process,
        Signal = signal,
        Lost = Lost,
    };

    /// <summary>Handles a failed system call on a kernel without events for socket calls: the socket and its kind are not known.</summary>
    private void Fail(SystemCallFailed call)
    {
        SignalSent? signal = null;
        ProcessInfo? process = null;
        if (call.Result == -BrokenPipe && _signals.Remove(call.Origin.Thread, out (SignalSent Signal, ProcessInfo Process) raised))
            (signal, process) = raised;
        bool isConnect = call.Call == "connect";
        bool isWrite = call.Call.StartsWith("write", StringComparison.Ordinal) || call.Call.StartsWith("send", StringComparison.Ordinal);
        if (isConnect)
            return; // the event of the state change contains the failed connect, with its addresses
        Hold(new FailedCall
        {
            Time = call.Origin.Time,
            Direction = isWrite ? CallDirection.Write : CallDirection.Read,
            Kind = TracedKind.Unknown,
            Errno = -call.Result,
            Thread = call.Origin.Thread,
            Process = process ?? processes.Of(call.Origin.Thread),
            Signal = signal,
            Lost = Lost,
        });
    }

    private void Change(StateChange change)
    {
        SocketLife life = Sockets.Change(change);
        if (change is { From: TcpPhase.Listen, To: TcpPhase.Closed })
            processes.CloseListener(change.Origin);
        if (change is { From: TcpPhase.SynSent, To: TcpPhase.Closed } && life.Connecting is { } connecting)
            Hold(FailedConnect(life, connecting, change));
    }

    /// <summary>Makes a failed connect. The error may be set only after the state change, so it is read later, when the call is returned.</summary>
    private FailedCall FailedConnect(SocketLife life, SocketAct connecting, StateChange change)
    {
        // Without a port no SYN was sent: no port was free, or the address cannot be used on this host.
        bool hadNoPort = change.Origin.IsTask && change.Origin.Thread == connecting.Thread && !change.Pair.HasLocalPort;
        return new FailedCall
        {
            Time = change.Origin.Time,
            Direction = CallDirection.Connect,
            Kind = TracedKind.Tcp,
            Errno = hadNoPort ? AddressNotAvailable : 0,
            Thread = connecting.Thread,
            Process = processes.Of(connecting.Thread),
            Life = life,
            Phase = TcpPhase.SynSent,
            Retransmissions = life.Retransmissions,
            Lost = Lost,
        };
    }

    /// <summary>
    /// Handles the end of a socket. If both ends are on this kernel, the record is made when the later end is destroyed, because only then it is
    /// known that no call failed.
    /// </summary>
    private void Destroy(SocketDestroyed end)
    {
        SocketLife life = Sockets.Destroy(end);
        if (!includeClosed || life.IsReported || life.Peer is { Destroyed: null } or { IsReported: true })
            return;
        SocketLife shown = life.ResetTaken is null && life.Peer is { ResetTaken: not null } peer ? peer : life;
        bool isAbnormal = (shown.WasEstablished || shown.Role == EndpointRole.Unknown) && (shown.ResetTaken is not null || shown.Error is not null || shown.ResetGiven is { Origin.IsTask: true });
        if (isAbnormal)
            Hold(Ended(shown, end.Origin.Time));
    }

    private FailedCall Ended(SocketLife life, long time)
    {
        int thread = life.DestroyedBy ?? (life.LastCall ?? life.LastAct ?? life.Connecting)?.Thread ?? 0;
        return new FailedCall
        {
            Time = time,
            Direction = CallDirection.None,
            Kind = TracedKind.Tcp,
            Errno = 0,
            Thread = thread,
            Process = thread == 0 ? null : processes.Of(thread),
            Life = life,
            Phase = life.Closed is null ? life.Phase : life.ClosedFrom,
            Retransmissions = life.Retransmissions,
            Lost = Lost,
        };
    }

    private void Hold(FailedCall call)
    {
        if (_held.Count >= MostHeld)
        {
            Dropped++;
            return;
        }

        if (call.Life is { } life)
            life.IsReported = true;
        _held.Add(call);
    }
}
