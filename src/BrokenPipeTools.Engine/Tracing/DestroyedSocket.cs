using System.Globalization;
using System.Runtime.Versioning;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Kernel.Tracing;
using BrokenPipeTools.Reports;

namespace BrokenPipeTools.Tracing;

/// <summary>A TCP socket that ended abnormally, with its last known state.</summary>
/// <param name="Socket">The last counters of the socket.</param>
/// <param name="Listed">The socket in its last listing; null if the socket was never listed.</param>
/// <param name="Role">Whether the socket connected or accepted.</param>
/// <param name="End">How the socket ended.</param>
/// <param name="Time">The time when the kernel's message was read (UTC).</param>
[SupportedOSPlatform("linux")]
internal sealed record DestroyedSocket(DiagnosedSocket Socket, ListedSocket? Listed, EndpointRole Role, AbnormalEnd End, DateTime Time)
{
    /// <summary>The addresses from the point of view of the other end, for a socket whose own addresses were deleted; null if they are not known.</summary>
    public SocketPair? OtherEnd { get; init; }

    /// <summary>
    /// The addresses of the socket. If the kernel has deleted them, they come from the listing or from the other end. Null if they are not known.
    /// </summary>
    public SocketPair? Pair => OtherEnd is { } other ? other.Reversed
        : Socket.Remote.Port != 0 ? new SocketPair(Socket.Local, Socket.Remote)
        : Listed is { Socket: { Remote.Port: not 0 } earlier } ? new SocketPair(earlier.Local, earlier.Remote)
        : null;

    /// <summary>Makes the record.</summary>
    /// <param name="lost">The number of messages that were lost so far.</param>
    public TracedFailure ToFailure(long lost)
    {
        ProcessInfo? process = Listed?.Owner is { } owner ? ProcessFiles.Read(owner.Id) is { } live && live.Name == owner.Name ? live : new ProcessInfo(owner.Id, owner.Name, null, null) : null;
        bool isOwnAbort = End.Kind == EndKind.OwnAbort;
        return new TracedFailure
        {
            Time = Time,
            Process = process?.Name,
            ProcessId = process?.Id,
            ThreadId = null,
            CommandLine = process?.CommandLine,
            ContainerId = process?.ContainerId,
            Direction = CallDirection.None,
            Errno = null,
            Signal = PipeSignal.None,
            Kind = TracedKind.Tcp,
            LocalAddress = Socket.Local.Address.ToString(),
            LocalPort = Socket.Local.Port,
            RemoteAddress = Pair?.Remote.Address.ToString(),
            RemotePort = Pair?.Remote.Port,
            Role = Role,
            TcpState = Listed is { } listed ? KernelStates.NameOf(listed.Socket.State) : null,
            ClosedBy = isOwnAbort ? FailureSide.Local : FailureSide.Unknown,
            CloseMethod = isOwnAbort ? CloseMethod.Abort : CloseMethod.Unknown,
            ClosedByProcess = isOwnAbort ? Program : null,
            ClosedBefore = null,
            Reset = isOwnAbort ? TracedReset.Sent : TracedReset.None,
            ResetReason = null,
            ResetBefore = null,
            ErrorArmed = null,
            Retransmissions = (int?)Socket.Info?.Retransmissions,
            SocketCookie = (long)Socket.Cookie,
            Cause = End.Cause,
            Confidence = End.Confidence,
            Explanation = Explain(),
            Advice = CauseAdvice.Of(End.Cause),
            Evidence = [.. Evidence()],
            Quality = [.. Quality(lost)],
        };
    }

    private string? Program => Listed?.Owner is { } owner ? string.Create(CultureInfo.InvariantCulture, $"{owner.Name}[{owner.Id}]") : null;

    private string Explain()
    {
        string peer = Pair is { } pair ? $"{pair.Remote}" : "a peer whose address is no longer known";
        string local = string.Create(CultureInfo.InvariantCulture, $"from port {Socket.Local.Port}");
        string program = Program ?? "A program";
        return End.Kind == EndKind.Connect
            ? $"{program} tried to connect {local} to {peer}. {End.Reason}"
            : $"{program} had a connection {local} with {peer} that ended abnormally. {End.Reason}";
    }

    private IEnumerable<string> Evidence()
    {
        TcpTotals? totals = Socket.Totals;
        yield return Socket.Remote.Port == 0
            ? "kernel: socket destroyed after it was disconnected (sock_diag, destroyed sockets)"
            : string.Create(CultureInfo.InvariantCulture, $"kernel: socket destroyed with {Socket.ReceiveQueue} unread and {Socket.SendQueue} unacknowledged (sock_diag, destroyed sockets)");
        if (totals is not null && Socket.Remote.Port != 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"kernel: {totals.Sent} bytes sent, {totals.SentAgain} of them retransmitted, {totals.Acknowledged} acknowledged, {totals.Received} received (tcp_info)");
        if (Socket is { Remote.Port: not 0, Info: { } info } && (info.Unanswered > 0 || info.Probes > 0 || info.PeerWindow == 0))
            yield return string.Create(CultureInfo.InvariantCulture, $"kernel: {info.Unanswered} retransmissions and {info.Probes} probes without an answer, window of the peer {info.PeerWindow} (tcp_info)");
        if (Listed is { } listed)
            yield return string.Create(CultureInfo.InvariantCulture, $"kernel: listed earlier as {KernelStates.NameOf(listed.Socket.State)} of user {listed.Socket.UserId} (sock_diag)");
    }

    private IEnumerable<string> Quality(long lost)
    {
        yield return "only the last counters of the socket are known: no call, errno, RST or closing program";
        if (lost > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{lost} messages were lost before this one");
        if (Listed is null)
            yield return "the socket ended before it was listed: its process and role are not known";
        else if (Listed.Owner is null)
            yield return "its process is not visible: it belongs to another user, or the socket had no process any more";
    }
}
