using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Primitives;

namespace BrokenPipeTools.Tracing;

/// <summary>The TCP sockets of this kernel, from their events. The table is bounded: if it is full, the oldest socket is removed.</summary>
internal sealed class SocketTable
{
    private const int MostSockets = 65_536;
    private const int MostErrors = 4_096;

    private static readonly long SameMoment = Nanoseconds.From(TimeSpan.FromMilliseconds(1));

    private readonly BoundedTable<ulong, SocketLife> _lives = new(MostSockets);
    private readonly BoundedTable<SocketPair, SocketLife> _byPair = new(MostSockets);
    private readonly BoundedTable<SocketPair, ErrorArmed> _errors = new(MostErrors);
    private readonly ResetTable _resets = new();

    /// <summary>The packets that a firewall of this kernel dropped.</summary>
    public FirewallDrops Firewall { get; } = new();

    /// <summary>The number of sockets that were removed because the table was full.</summary>
    public long Forgotten => _lives.Forgotten;

    /// <summary>Returns whether the trace is complete up to the call: no event was lost before it, and no socket was removed.</summary>
    public bool HasAll(FailedCall call) => call.Lost == 0 && Forgotten == 0;

    /// <summary>
    /// Returns whether a RST without a known sender must be forged. It must be if the peer's socket is on this kernel, because this kernel's own RSTs
    /// are traced with their addresses.
    /// </summary>
    public bool ShowsForgery(FailedCall call) => call.Life?.Peer is not null && _resets.HasAddresses && HasAll(call);

    /// <summary>Finds a socket by its address in the kernel.</summary>
    public SocketLife? Find(ulong socket) => _lives.TryGet(socket, out SocketLife? life) ? life : null;

    /// <summary>Finds a socket by its address in the kernel. Adds the socket if it is older than the trace.</summary>
    public SocketLife Get(ulong socket)
    {
        if (_lives.TryGet(socket, out SocketLife? known))
            return known;
        SocketLife life = new(socket);
        _lives.Set(socket, life);
        return life;
    }

    /// <summary>Changes the state of a socket. Returns the socket.</summary>
    public SocketLife Change(StateChange change)
    {
        bool isBirth = change is { From: TcpPhase.Closed, To: TcpPhase.SynSent or TcpPhase.Listen } or { From: TcpPhase.Listen, To: TcpPhase.SynReceived };
        if (isBirth)
            _lives.Remove(change.Socket);
        SocketLife life = Get(change.Socket);
        SocketAct act = new(change.Origin.Time, change.Origin.Thread);
        life.Phase = change.To;
        SetPair(life, change.Pair, change.Origin.Time);
        switch (change.From, change.To)
        {
            case (TcpPhase.Closed, TcpPhase.SynSent):
                life.Role = EndpointRole.Client;
                life.Connecting = act;
                break;
            case (TcpPhase.Listen, TcpPhase.SynReceived):
                life.Role = EndpointRole.Server;
                break;
            case (_, TcpPhase.Established):
                life.WasEstablished = true;
                break;
            case (TcpPhase.Established or TcpPhase.SynReceived, TcpPhase.FinWait1) or (TcpPhase.CloseWait, TcpPhase.LastAck):
                life.FinSent = life.LastAct = act;
                break;
            case (TcpPhase.Established or TcpPhase.SynReceived, TcpPhase.CloseWait) or (TcpPhase.FinWait1, TcpPhase.Closing):
                life.FinReceived = act.Time;
                break;
            case (TcpPhase.FinWait1, TcpPhase.FinWait2):
                life.FinAcknowledged = act.Time;
                break;
            case (_, TcpPhase.Closed):
                life.Closed = act.Time;
                life.ClosedFrom = change.From;
                if (change.Origin.IsTask)
                    life.LastAct = act;
                break;
        }

        return life;
    }

    /// <summary>Notes an error that was set on a socket.</summary>
    public void Arm(ErrorArmed error)
    {
        if (error.Errno == 0)
            return;
        if (_byPair.TryGet(error.Pair, out SocketLife? life) && !life.IsAmbiguous)
            life.Error = error;
        else
            _errors.Set(error.Pair, error);
    }

    /// <summary>Notes that a socket was reset.</summary>
    public void TakeReset(ResetReceived reset)
    {
        SocketLife life = Get(reset.Socket);
        SetPair(life, reset.Pair, reset.Origin.Time);
        life.Cookie = reset.Cookie;
        life.ResetTaken = reset.Origin.Time;
        life.ResetFrom = _resets.Join(life, reset.Origin.Time);
    }

    /// <summary>Notes that a RST was sent.</summary>
    public void SendReset(ResetSent reset)
    {
        SocketLife? sender = reset.Socket == 0 ? null : Find(reset.Socket);
        if (sender is not null && (reset.Pair is not { IsComplete: true } pair || sender.Pair is null || sender.Pair == pair))
        {
            sender.ResetGiven = reset;
            if (sender.ResetTaken is { } taken && reset.Origin.Time - taken < SameMoment)
            {
                sender.ResetIsOwn = true;
                sender.ResetFrom = null;
            }
        }

        if (reset.Pair is not { } addresses)
            return;
        _resets.HasAddresses = true;
        // A program's RST is traced after it was sent. If the receiver is on this host, the receiver's events come first.
        if (_byPair.TryGet(addresses.Reversed, out SocketLife? receiver) && receiver is { ResetTaken: { } early, ResetFrom: null, ResetIsOwn: false, IsAmbiguous: false } && reset.Origin.Time - early < SameMoment)
            receiver.ResetFrom = reset;
        else
            _resets.Add(reset, addresses);
    }

    /// <summary>Notes that a packet was dropped, either by a firewall or because it was answered with a RST.</summary>
    public void Drop(PacketDropped drop)
    {
        if (drop.Reason == FirewallDrops.Reason)
            Firewall.Add(drop);
        else
            _resets.Drop(drop);
    }

    /// <summary>Returns the kernel's reason for dropping the packet that a RST answers; null if it is not known.</summary>
    public string? DropReason(ResetSent reset) => _resets.DropReason(reset);

    /// <summary>Notes the end of a socket. Returns the socket.</summary>
    public SocketLife Destroy(SocketDestroyed end)
    {
        SocketLife life = Get(end.Socket);
        SetPair(life, end.Pair, end.Origin.Time);
        life.Cookie = end.Cookie;
        life.Destroyed = end.Origin.Time;
        life.DestroyedBy = end.Origin.IsTask ? end.Origin.Thread : null;
        _lives.Remove(end.Socket);
        return life;
    }

    /// <summary>Counts a retransmission.</summary>
    public void Retransmit(Retransmission again)
    {
        SocketLife life = Get(again.Socket);
        life.Retransmit(again.Origin.Time);
        if (life.Phase == TcpPhase.Unknown)
            life.Phase = again.State;
        SetPair(life, again.Pair, again.Origin.Time);
    }

    private void SetPair(SocketLife life, SocketPair pair, long time)
    {
        if (!pair.IsComplete || life.Pair == pair)
            return;
        life.Pair = pair;
        if (_byPair.TryGet(pair, out SocketLife? other) && other != life && other is { Destroyed: null, Closed: null })
            life.IsAmbiguous = other.IsAmbiguous = true;
        _byPair.Set(pair, life);
        if (_errors.TryGet(pair, out ErrorArmed? error) && Math.Abs(time - error.Origin.Time) < SameMoment)
            life.Error = error;
        if (life is { IsAmbiguous: false, Peer: null } && _byPair.TryGet(pair.Reversed, out SocketLife? peer) && peer is { IsAmbiguous: false, Destroyed: null, Peer: null })
            (life.Peer, peer.Peer) = (peer, life);
    }
}
