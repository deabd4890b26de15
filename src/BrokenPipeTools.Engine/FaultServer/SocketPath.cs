using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer;

/// <summary>
/// The path to bind a Unix-domain socket to. If a socket was bound to a <see cref="UnixDomainSocketEndPoint"/> itself, .NET deletes
/// whatever stands at the path when the socket is closed.
/// </summary>
internal sealed class SocketPath(string path) : EndPoint
{
    private readonly UnixDomainSocketEndPoint _endPoint = new(path);

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => _endPoint.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => _endPoint.Create(socketAddress);
}
