using System.ComponentModel;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;

namespace BrokenPipeTools.Kernel;

/// <summary>Lists the open TCP sockets of a network namespace. Works only on Linux. Without root, the processes of other users are not named.</summary>
public sealed class TcpSocketSource
{
    /// <summary>The network namespace: the id of a process in it, or a path such as /run/netns/blue; null or empty for this process's own.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Returns whether a process is selected, by its id and name; null for all sockets, also those without a process.</summary>
    public Func<int, string, bool>? IsWanted { get; init; }

    /// <summary>The states to list; empty for all.</summary>
    public IReadOnlyCollection<TcpState> States { get; init; } = [];

    /// <summary>The ports to list, at either end of a connection; empty for all.</summary>
    public IReadOnlyCollection<int> Ports { get; init; } = [];

    /// <summary>The number of processes whose sockets could not be seen in the last listing. Without root, these are the processes of other users.</summary>
    public int HiddenProcesses { get; private set; }

    /// <summary>The warning about <see cref="HiddenProcesses"/>; null if there are no such processes.</summary>
    public string? Hidden => HiddenProcesses == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{HiddenProcesses} processes of other users cannot be inspected without root: their sockets are listed without a process");

    /// <summary>Lists the sockets, in the order of process and port.</summary>
    /// <exception cref="TcpSocketException">The sockets cannot be listed.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public IReadOnlyList<TcpSocket> List(CancellationToken cancellation = default)
    {
        if (!OperatingSystem.IsLinux())
            throw new TcpSocketException(TcpSocketProblemId.SocketsUnsupported, "open sockets: only Linux lists them with their unread and unsent bytes (sock_diag)");
        List<DiagnosedSocket> sockets = Ask();
        SocketOwners owners = SocketOwners.Read(IsWanted ?? ((_, _) => true), cancellation);
        HiddenProcesses = owners.Hidden;
        DateTime now = DateTime.UtcNow;
        return [.. sockets.Where(Accepts).Select(socket => (Socket: socket, Owners: owners.Of(socket.Inode)))
            .Where(one => IsWanted is null || one.Owners.Count > 0)
            .Select(one => Make(one.Socket, one.Owners, now)).Order()];
    }

    private bool Accepts(DiagnosedSocket socket) =>
        (States.Count == 0 || States.Contains(socket.State))
        && (Ports.Count == 0 || Ports.Contains(socket.Local.Port) || Ports.Contains(socket.Remote.Port));

    [SupportedOSPlatform("linux")]
    private List<DiagnosedSocket> Ask()
    {
        try
        {
            using NetworkNamespace? place = Kernel.NetworkNamespace.OpenUnlessOwn(NetworkNamespace);
            return SocketDiagnostics.List(place);
        }
        catch (NetworkNamespaceException e)
        {
            TcpSocketProblemId id = e.Fault switch
            {
                NetworkNamespaceFault.NotFound => TcpSocketProblemId.NetworkNamespaceNotFound,
                NetworkNamespaceFault.AccessDenied => TcpSocketProblemId.NetworkNamespaceAccessDenied,
                _ => TcpSocketProblemId.NetworkNamespaceInvalid,
            };
            throw new TcpSocketException(id, $"{NetworkNamespace}: {e.Problem}", e);
        }
        catch (Win32Exception e)
        {
            const int NotFound = 2, NoProtocol = 93, NoFamily = 97; // ENOENT, EPROTONOSUPPORT, EAFNOSUPPORT
            TcpSocketProblemId id = e.NativeErrorCode is NoProtocol or NoFamily or NotFound ? TcpSocketProblemId.SocketsUnsupported : TcpSocketProblemId.SocketReadFailed;
            throw new TcpSocketException(id, $"open sockets: the kernel does not list them: {e.Message}", e);
        }
    }

    private TcpSocket Make(DiagnosedSocket socket, IReadOnlyList<SocketOwner> owners, DateTime now)
    {
        bool listens = socket.State == TcpState.Listen;
        (string read, string write) = SocketPrediction.Of(socket);
        return new TcpSocket
        {
            Summary = SocketLine.Of(socket, owners),
            ProcessName = owners.Count > 0 ? owners[0].Name : null,
            ProcessId = owners.Count > 0 ? owners[0].Id : null,
            SharedWith = owners.Count > 1 ? string.Join(", ", owners.Skip(1).Select(owner => string.Create(CultureInfo.InvariantCulture, $"{owner.Name}[{owner.Id}]"))) : null,
            State = socket.State,
            LocalAddress = socket.Local.Address.ToString(),
            LocalPort = socket.Local.Port,
            RemoteAddress = socket.Remote.Address.ToString(),
            RemotePort = socket.Remote.Port,
            SinceReceived = listens ? null : socket.Info?.SinceDataReceived / 1000.0,
            SinceSent = listens ? null : socket.Info?.SinceDataSent / 1000.0,
            SinceHeard = listens ? null : socket.Info?.SinceHeard / 1000.0,
            UnreadBytes = SocketPrediction.UnreadBytes(socket),
            UnsentBytes = listens ? null : socket.Info?.Unsent,
            UnackedBytes = SocketLine.UnackedBytes(socket),
            Retransmissions = socket.Info?.Retransmissions,
            Unanswered = socket.Info?.Unanswered,
            Probes = socket.Info?.Probes,
            PeerWindow = listens ? null : socket.Info?.PeerWindow,
            QueueLength = listens ? socket.ReceiveQueue : null,
            QueueLimit = listens ? socket.SendQueue : null,
            NextRead = read,
            NextWrite = write,
            UserId = socket.UserId,
            Inode = socket.Inode,
            NetworkNamespace = string.IsNullOrEmpty(NetworkNamespace) ? null : NetworkNamespace,
            Time = now,
        };
    }
}
