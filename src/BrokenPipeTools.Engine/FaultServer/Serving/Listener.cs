using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>The socket that a server listens on: it can stop listening, and begin again on the same port.</summary>
internal sealed class Listener : IDisposable
{
    private const int SolSocket = 1; // Linux include/uapi/asm-generic/socket.h
    private const int SoReuseAddr = 2;

    private readonly object _lock = new();
    private readonly ConcurrentDictionary<IPEndPoint, bool> _ignored = new();
    private Socket _socket;
    private bool _listening;
    private bool _closed;

    private Listener(Socket socket)
    {
        _socket = socket;
        LocalEndPoint = socket.LocalEndPoint!;
    }

    /// <summary>The address and port, or the path of a Unix-domain socket.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>The address at which this machine reaches it: a loopback address if it listens on every address.</summary>
    public IPEndPoint Reachable => LocalEndPoint is IPEndPoint { Address: var address, Port: int port }
        ? new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address, port)
        : throw new InvalidOperationException("a Unix-domain socket has no port");

    /// <summary>
    /// Whether a connection waits. If the process has no descriptor left, accept4 fails even if none waits (Linux net/socket.c, __sys_accept4_file).
    /// </summary>
    public bool HasWaiting => _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Binds the address. No client can connect before <see cref="Listen"/>.</summary>
    /// <exception cref="ServerStartException">It cannot listen there.</exception>
    public static Listener Open(BrokenPipeServerOptions options) => new(ListenerSocket.Bind(options));

    /// <summary>Begins to listen, or changes how many connections may wait.</summary>
    /// <exception cref="SocketException">Another socket has the port.</exception>
    public void Listen(int backlog = ListenerSocket.Backlog)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (OperatingSystem.IsLinux() && LocalEndPoint is IPEndPoint)
                ShareAddress(true); // possible with earlier connections, of which some may be in TIME_WAIT
            _socket.Listen(backlog);
            _listening = true;
        }
    }

    /// <summary>
    /// Stops listening, and keeps the port. Connections that wait to be accepted are reset. On Linux the same socket is used, and no other program
    /// can take the port: a listening socket ends the sharing that SO_REUSEADDR allows to sockets that are only bound
    /// (net/ipv4/inet_connection_sock.c, inet_csk_update_fastreuse), and after shutdown(2) it remains bound (inet_shutdown).
    /// </summary>
    /// <exception cref="SocketException">Another program has taken the port at this moment; on Linux, before this socket listened.</exception>
    public void StopListening()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (OperatingSystem.IsLinux())
            {
                if (!_listening)
                    _socket.Listen(backlog: 0);
                _socket.Shutdown(SocketShutdown.Receive);
                ShareAddress(false);
            }
            else if (_listening)
            {
                ProcessGate.Close(_socket);
                _socket = ListenerSocket.BindTcp((IPEndPoint)LocalEndPoint);
            }

            _listening = false;
        }
    }

    /// <summary>Calls an action with the socket, unless it is closed.</summary>
    public void Use(Action<Socket> action)
    {
        lock (_lock)
        {
            if (!_closed)
                action(_socket);
        }
    }

    /// <summary>Notes that the connection of this client was made by the server itself, and is not served.</summary>
    public void Ignore(IPEndPoint client) => _ignored[client] = true;

    /// <summary>Returns whether a connection was made by the server itself. True only once for each connection.</summary>
    public bool IsIgnored(Socket accepted) => !_ignored.IsEmpty && accepted.RemoteEndPoint is IPEndPoint client && _ignored.TryRemove(client, out _);

    /// <exception cref="SocketException">The system has no descriptor left.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => _socket.AcceptAsync(cancellation);

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            ProcessGate.Close(_socket);
        }
    }

    /// <summary>Linux only. Sets the option directly, because .NET's ReuseAddress also sets another one.</summary>
    private void ShareAddress(bool shared) => _socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(shared ? 1 : 0));
}
