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

    /// <summary>Address and port, or the path of a Unix-domain socket.</summary>
    public EndPoint LocalEndPoint { get; }

    /// <summary>The address at which this machine reaches the server: a loopback address if the server listens on every address.</summary>
    public IPEndPoint Reachable => LocalEndPoint is IPEndPoint { Address: var address, Port: int port }
        ? new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address, port)
        : throw new InvalidOperationException("a Unix-domain socket has no port");

    /// <summary>
    /// Whether a connection waits to be accepted. It is checked before an accept, because without a free descriptor accept4 fails even if no
    /// connection waits (Linux net/socket.c, __sys_accept4_file).
    /// </summary>
    public bool HasWaiting => AwaitsAccept(TimeSpan.Zero);

    /// <summary>Waits until a connection can be accepted. Returns false if none came within that time.</summary>
    public bool AwaitsAccept(TimeSpan maxWait) => _socket.Poll(maxWait, SelectMode.SelectRead);

    /// <summary>Binds the address. No client can connect before <see cref="Listen"/>.</summary>
    /// <exception cref="ServerStartException">The server cannot listen at that address.</exception>
    public static Listener Open(BrokenPipeServerOptions options) => new(ListenerSocket.Bind(options));

    /// <summary>Begins to listen, or changes the number of connections that may wait to be accepted.</summary>
    /// <exception cref="SocketException">Another program has taken the port.</exception>
    public void Listen(int backlog = ListenerSocket.Backlog)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (OperatingSystem.IsLinux() && LocalEndPoint is IPEndPoint)
                ShareAddress(true); // connections from before may be in TIME_WAIT
            _socket.Listen(backlog);
            _listening = true;
        }
    }

    /// <summary>
    /// Stops listening, and keeps the port. Connections that wait to be accepted are reset. On Linux the socket remains the same, and no other
    /// program can take the port: SO_REUSEADDR lets bound sockets share a port, but a socket that has listened ended that sharing
    /// (net/ipv4/inet_connection_sock.c, inet_csk_update_fastreuse), and shutdown(2) leaves it bound (inet_shutdown).
    /// </summary>
    /// <exception cref="SocketException">Another program has taken the port in this moment; on Linux only before the first call of
    /// <see cref="Listen"/>.</exception>
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

    /// <summary>Runs an action with the socket, unless the socket is closed.</summary>
    public void Use(Action<Socket> action)
    {
        lock (_lock)
        {
            if (!_closed)
                action(_socket);
        }
    }

    /// <summary>Excludes a connection from being served, because the server made it itself.</summary>
    public void Ignore(IPEndPoint client) => _ignored[client] = true;

    /// <summary>Returns whether a connection was excluded by <see cref="Ignore"/>. Returns true only once for each such connection.</summary>
    public bool IsIgnored(Socket accepted) => !_ignored.IsEmpty && accepted.RemoteEndPoint is IPEndPoint client && _ignored.TryRemove(client, out _);

    /// <exception cref="SocketException">The system has no descriptor for the connection.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValueTask<Socket> AcceptAsync(CancellationToken cancellation) => _socket.AcceptAsync(cancellation);

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            ProcessGate.Close(_socket);
        }
    }

    /// <summary>Sets SO_REUSEADDR itself (Linux only). .NET's option ReuseAddress sets another option, too.</summary>
    private void ShareAddress(bool shared) => _socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(shared ? 1 : 0));
}
