using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using BrokenPipeTools.Primitives;
using BrokenPipeTools.Reports;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.FaultServer.Serving;

/// <summary>Binds the socket that a server listens on, and explains the errors of binding.</summary>
internal static class ListenerSocket
{
    /// <summary>The backlog of Apache and, on Linux, of nginx: enough for a burst of clients.</summary>
    public const int Backlog = 511;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="ServerStartException">The server cannot listen at that address.</exception>
    public static Socket Bind(BrokenPipeServerOptions options)
    {
        if (options.Behavior == ServerBehavior.UnixSink)
            return BindUnix(options.UnixSocketPath ?? NewPath());
        IPEndPoint endPoint = new(options.Address, options.Port);
        try
        {
            Socket socket = BindTcp(endPoint);
            return options.Port == 0 && OperatingSystem.IsLinux() ? BindByNumber(socket) : socket;
        }
        catch (SocketException e)
        {
            throw Explain(e, endPoint);
        }
    }

    /// <summary>
    /// Binds another socket to the port of this one, to keep the port. When a socket stops listening, Linux releases its port, unless the port was
    /// requested by its number (SOCK_BINDPORT_LOCK, net/ipv4/af_inet.c, __inet_bind).
    /// </summary>
    private static Socket BindByNumber(Socket free)
    {
        using (free)
            return BindTcp((IPEndPoint)free.LocalEndPoint!);
    }

    /// <exception cref="SocketException">The address cannot be used.</exception>
    public static Socket BindTcp(IPEndPoint endPoint)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
                socket.ExclusiveAddressUse = true; // otherwise another program could take over the port (SO_EXCLUSIVEADDRUSE)
            socket.Bind(endPoint);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string NewPath() => Path.Combine(Path.GetTempPath(), $"brokenpipe-{Guid.NewGuid():N}.sock");

    private static Socket BindUnix(string path)
    {
        if (Path.Exists(path))
            throw new ServerStartException(ServerProblemId.UnixSocketPathExists, $"{path} exists; remove it if no program listens on it");
        Socket? socket = null;
        SocketFile? file = null;
        try
        {
            SocketPath endPoint = new(path);
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(endPoint);
            file = new SocketFile(path);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, OwnerOnly); // before Listen: no client can have connected yet
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            socket?.Dispose();
            file?.Remove();
            throw Explain(e, path);
        }
    }

    /// <summary>Returns the error for a failed call with that address.</summary>
    public static ServerStartException Explain(SocketException e, IPEndPoint endPoint)
    {
        (ServerProblemId id, string reason) = e.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => (ServerProblemId.AddressInUse, "another program listens there; use another port, or 0 for a free one"),
            SocketError.AddressNotAvailable => (ServerProblemId.AddressNotAvailable, "this machine has no such address"),
            SocketError.AddressFamilyNotSupported => (ServerProblemId.AddressNotAvailable, "this machine does not support that version of IP"),
            SocketError.AccessDenied => (ServerProblemId.ListenAccessDenied, "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE"),
            _ => (ServerProblemId.ServerStartFailed, TextOf(e)),
        };
        string where = new EndpointText(endPoint).ToString();
        return new ServerStartException(id, $"cannot listen on {where}: {reason} ({SocketErrors.Name(e)})", e);
    }

    private static ServerStartException Explain(Exception e, string path) => e switch
    {
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            new(ServerProblemId.UnixSocketPathExists, $"{path} exists; remove it if no program listens on it", e),
        SocketException { SocketErrorCode: SocketError.AccessDenied } or UnauthorizedAccessException =>
            new(ServerProblemId.ListenAccessDenied, $"cannot listen on {path}: permission denied", e),
        ArgumentException =>
            new(ServerProblemId.UnixSocketPathInvalid, $"cannot listen on {path}: not a valid path for a socket; it may be too long", e),
        SocketException socket when !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) =>
            new(ServerProblemId.UnixSocketPathInvalid, $"cannot listen on {path}: its folder does not exist ({SocketErrors.Name(socket)})", e),
        SocketException socket =>
            new(ServerProblemId.ServerStartFailed, $"cannot listen on {path}: {TextOf(socket)} ({SocketErrors.Name(socket)})", e),
        _ => new(ServerProblemId.ServerStartFailed, string.Create(CultureInfo.InvariantCulture, $"cannot listen on {path}: {FileReason.Of(e)}"), e),
    };

    /// <summary>Returns the system's text. .NET has only "Unknown socket error" for many of them, such as a read-only file system.</summary>
    private static string TextOf(SocketException e) => Marshal.GetPInvokeErrorMessage(e.NativeErrorCode);
}
