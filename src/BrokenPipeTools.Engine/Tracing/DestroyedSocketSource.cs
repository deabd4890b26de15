using System.ComponentModel;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;
using BrokenPipeTools.Kernel.Tracing;

namespace BrokenPipeTools.Tracing;

/// <summary>Finds TCP connections that ended abnormally, from the kernel's messages about destroyed sockets. Needs no privilege.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DestroyedSocketSource : ITraceSource
{
    private const int MostHeld = 100_000;
    private const int MostConnections = 4096;
    private const string Remedy = "without root, the trace has only TCP connections that ended abnormally, judged by the last counters of their sockets; root (sudo) adds each failed call with its errno and process, which side closed and how, the reason for each RST, pipes and Unix sockets";

    /// <summary>
    /// How long an end is kept before it is reported. If the other end of the connection is on this host, its own message arrives in this time.
    /// </summary>
    private static readonly TimeSpan Holding = TimeSpan.FromMilliseconds(100);

    private readonly NetworkNamespace? _place;
    private readonly DestroyedSockets _sockets;
    private readonly SocketListing _listing;
    private readonly BoundedTable<SocketPair, DateTime> _reported = new(MostConnections);
    private readonly bool _isPrivileged = Environment.IsPrivilegedProcess;
    private List<DestroyedSocket> _held = [];
    private long _dropped;

    private DestroyedSocketSource(NetworkNamespace? place, DestroyedSockets sockets)
    {
        _place = place;
        _sockets = sockets;
        _listing = new SocketListing(place);
    }

    public long Lost => _sockets.Lost + _dropped;

    public IReadOnlyList<string> Lacks => [];

    public string? Limits => _isPrivileged ? Remedy.Replace("without root", "without tracefs", StringComparison.Ordinal).Replace("root (sudo)", "a container with --privileged, or the host,", StringComparison.Ordinal) : Remedy;

    /// <summary>Starts to receive messages.</summary>
    /// <param name="options">The network namespace.</param>
    /// <param name="refusal">The reason why tracefs cannot be used.</param>
    /// <exception cref="TraceException">This kernel does not send such messages either, or this process may not enter the namespace.</exception>
    public static DestroyedSocketSource Start(BrokenPipeTraceOptions options, TraceException refusal) => TraceNetwork.Guarded(options.NetworkNamespace, () =>
    {
        NetworkNamespace? place = TraceNetwork.Open(options.NetworkNamespace);
        DestroyedSocketSource? source = null;
        try
        {
            source = new DestroyedSocketSource(place, DestroyedSockets.Open(place));
            source._listing.Refresh();
            return source;
        }
        catch (Exception e)
        {
            source?._sockets.Dispose();
            place?.Dispose();
            throw e is Win32Exception ? refusal : e;
        }
    });

    public void Wait(TimeSpan longest, CancellationToken cancellation)
    {
        if (longest.TotalMilliseconds < DestroyedSockets.MaxWait)
            cancellation.WaitHandle.WaitOne(longest);
        else
            _sockets.Wait();
    }

    public IEnumerable<TracedFailure> Read(bool isLast)
    {
        DateTime now = DateTime.UtcNow;
        foreach (DiagnosedSocket end in _sockets.Read())
            Hold(end, now);
        _listing.Refresh();
        List<DestroyedSocket> ready = [.. _held.Where(one => isLast || now - one.Time >= Holding)];
        _held = [.. _held.Except(ready)];
        return Joined(ready).OrderByDescending(one => one.End.Confidence).Where(IsNew).OrderBy(one => one.Time).Select(one => one.ToFailure(Lost)).ToArray();
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _place?.Dispose();
    }

    private void Hold(DiagnosedSocket end, DateTime time)
    {
        ListedSocket? listed = _listing.Find(end.Cookie);
        EndpointRole role = listed?.Role ?? _listing.RoleByPort(end.Local.Port);
        if (AbnormalEnd.Of(end, listed?.Socket, role) is not { } abnormal)
            return;
        if (_held.Count >= MostHeld)
            _dropped++;
        else
            _held.Add(new DestroyedSocket(end, listed, role, abnormal, time));
    }

    /// <summary>
    /// Adds missing addresses. If a program aborts its socket, the kernel deletes the peer's address. The other end has the addresses, if it ended at
    /// the same time and is the only such socket.
    /// </summary>
    private static IEnumerable<DestroyedSocket> Joined(List<DestroyedSocket> ready) => ready.Select(one =>
        one is { Pair: null, End.Kind: EndKind.OwnAbort } && ready.Where(other => other.Pair is { } pair && pair.Remote.Equals(one.Socket.Local)).Take(2).ToArray() is [{ Pair: { } only }]
            ? one with { OtherEnd = only }
            : one);

    /// <summary>Returns whether a connection was not reported yet. Each connection gets one record, even if both ends are on this host.</summary>
    private bool IsNew(DestroyedSocket one)
    {
        if (one.Pair is not { IsComplete: true } pair)
            return true;
        if (_reported.TryGet(pair.Reversed, out DateTime earlier) && one.Time - earlier < TimeSpan.FromMinutes(1))
            return false;
        _reported.Set(pair, one.Time);
        return true;
    }
}
