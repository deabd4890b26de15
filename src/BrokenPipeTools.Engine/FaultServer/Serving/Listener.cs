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

    /// <summary>How this machine reaches it: if it listens on every address, a loopback address.</summary>
    public IPEndPoint Reachable => LocalEndPoint is IPEndPoint { Address: var address, Port: int port }
        ? new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address, port)
        : throw new InvalidOperationException("a Unix-domain socket has no port");

    /// <summary>Without a descriptor for the next connection, accept4 fails although there is none (Linux net/socket.c, __sys_accept4_file).</summary>
    public bool HasWaiting => AwaitsAccept(TimeSpan.Zero);

    /// <summary>Waits until a connection can be accepted. Returns false if none could be within that time.</summary>
    public bool AwaitsAccept(TimeSpan maxWait) => _socket.Poll(maxWait, SelectMode.SelectRead);

    /// <summary>Binds the address. No client can connect before <see cref="Listen"/>.</summary>
    /// <exception cref="ServerStartException">It cannot listen there.</exception>
    public static Listener Open(BrokenPipeServerOptions options) => new(ListenerSocket.Bind(options));

    /// <summary>Begins to listen, or changes how many connections may wait.</summary>
    /// <exception cref="SocketException">The port is another's.</exception>
    public void Listen(int backlog = ListenerSocket.Backlog)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (OperatingSystem.IsLinux() && LocalEndPoint is IPEndPoint)
                ShareAddress(true); // with connections from before, of which some may be in TIME_WAIT
            _socket.Listen(backlog);
            _listening = true;
        }
    }

    /// <summary>
    /// Does not listen any more, and keeps the port. Connections that wait to be accepted are reset. On Linux the same socket goes on, and
    /// no other program can take the port: a listening socket ends the sharing that SO_REUSEADDR allows to sockets that only are bound
    /// (net/ipv4/inet_connection_sock.c, inet_csk_update_fastreuse), and shutdown(2) leaves it bound (inet_shutdown).
    /// </summary>
    /// <exception cref="SocketException">Another has taken the port at this very moment; on Linux before it was listened on.</exception>
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

    /// <summary>Does something with the socket, unless it is closed.</summary>
    public void Use(Action<Socket> action)
    {
        lock (_lock)
        {
            if (!_closed)
                action(_socket);
        }
    }

    /// <summary>The connection of this client is our own: it is not served.</summary>
    public void Ignore(IPEndPoint client) => _ignored[client] = true;

    /// <summary>Whether it is. Of one connection only once.</summary>
    public bool IsIgnored(Socket accepted) => !_ignored.IsEmpty && accepted.RemoteEndPoint is IPEndPoint client && _ignored.TryRemove(client, out _);

    /// <exception cref="SocketException">The system has none to give.</exception>
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

    /// <summary>Linux only. The option itself: .NET's ReuseAddress is another one too.</summary>
    private void ShareAddress(bool shared) => _socket.SetRawSocketOption(SolSocket, SoReuseAddr, BitConverter.GetBytes(shared ? 1 : 0));
}
