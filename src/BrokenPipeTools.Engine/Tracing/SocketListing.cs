using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Kernel;

namespace BrokenPipeTools.Tracing;

/// <summary>
/// Lists the open sockets of a network namespace with their programs again and again. The message about a destroyed socket contains no program, and
/// no addresses if the connection was aborted. The listing uses at most a twentieth of the time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SocketListing(NetworkNamespace? place)
{
    private const int Share = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private Dictionary<ulong, ListedSocket> _now = [];
    private Dictionary<ulong, ListedSocket> _before = []; // the listing before, because a message may come after the first listing without its socket
    private HashSet<int> _listeners = [];
    private long _next;

    /// <summary>Lists the sockets if the next listing is due.</summary>
    public void Refresh()
    {
        if (Stopwatch.GetTimestamp() < _next)
            return;
        long begin = Stopwatch.GetTimestamp();
        List<DiagnosedSocket> sockets = SocketDiagnostics.List(place);
        SocketOwners owners = SocketOwners.Read((_, _) => true, CancellationToken.None);
        _listeners = [.. sockets.Where(socket => socket.State == TcpState.Listen).Select(socket => socket.Local.Port)];
        _before = _now;
        _now = [];
        foreach (DiagnosedSocket socket in sockets)
        {
            if (socket is { Cookie: not 0, State: not (TcpState.Listen or TcpState.TimeWait) })
                _now[socket.Cookie] = new ListedSocket(socket, owners.Of(socket.Inode) is [{ } owner, ..] ? owner : _before.GetValueOrDefault(socket.Cookie)?.Owner, RoleOf(socket));
        }

        long end = Stopwatch.GetTimestamp();
        _next = end + Math.Max((long)(Pause.TotalSeconds * Stopwatch.Frequency), (end - begin) * Share);
    }

    /// <summary>Returns a socket as it was last listed; null if it was never listed.</summary>
    public ListedSocket? Find(ulong cookie) => _now.GetValueOrDefault(cookie) ?? _before.GetValueOrDefault(cookie);

    /// <summary>Returns the role of a socket that was never listed, by its port: if a listener has the same port, the socket belongs to a server.</summary>
    public EndpointRole RoleByPort(int port) => _listeners.Contains(port) ? EndpointRole.Server : EndpointRole.Unknown;

    private EndpointRole RoleOf(DiagnosedSocket socket) => socket switch
    {
        { State: TcpState.SynSent } => EndpointRole.Client,
        { State: TcpState.SynReceived } => EndpointRole.Server,
        { State: TcpState.Established or TcpState.CloseWait, SendQueue: 0, Totals.AcknowledgedBeyondPayload: 1 } => EndpointRole.Client, // only the socket's SYN was acknowledged
        { State: TcpState.Established or TcpState.CloseWait, SendQueue: 0, Totals.AcknowledgedBeyondPayload: 0 } => EndpointRole.Server,
        _ => Find(socket.Cookie)?.Role is { } role and not EndpointRole.Unknown ? role : RoleByPort(socket.Local.Port),
    };
}

/// <summary>A socket as it was listed.</summary>
/// <param name="Socket">The counters of the socket.</param>
/// <param name="Owner">The process that holds the socket; null if no process holds it, or if the process cannot be seen.</param>
/// <param name="Role">Whether the socket connected or accepted.</param>
internal sealed record ListedSocket(DiagnosedSocket Socket, SocketOwner? Owner, EndpointRole Role);
