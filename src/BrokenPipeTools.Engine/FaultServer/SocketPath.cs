using System.Net;
using System.Net.Sockets;

namespace BrokenPipeTools.FaultServer;

/// <summary>
/// Makes the path to bind a Unix-domain socket to. If a socket is bound to a <see cref="UnixDomainSocketEndPoint"/> itself, .NET deletes the file at
/// the path when the socket is closed, even if it is another file by then.
/// </summary>
internal sealed class SocketPath(string path) : EndPoint
{
    private readonly UnixDomainSocketEndPoint _endPoint = new(path);

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize() => _endPoint.Serialize();

    public override EndPoint Create(SocketAddress socketAddress) => _endPoint.Create(socketAddress);
}
