using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// A new SYN has the ports of an old connection that the server still holds in TIME_WAIT. Linux accepts it if its timestamp or sequence number is
/// newer (RFC 6191; net/ipv4/tcp_minisocks.c).
/// </summary>
internal sealed class PortReuseScenario : Scenario
{
    public override string Summary => "A client connects again from the same port while the server still holds the old connection in TIME_WAIT: the new connection is accepted.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Graceful, "S:FIN [C:ACK ]C:FIN S:ACK", Cause.NormalClose),
        new(CloseState.Graceful, "C:FIN [S:ACK ]S:FIN C:ACK", Cause.NormalClose),
    ];

    internal override void Run(ScenarioContext context)
    {
        TracedSocket listener = context.Listen();
        EndPoint port = HoldPort(context, (IPEndPoint)listener.Socket.LocalEndPoint!);
        (TracedSocket old, TracedSocket server) = context.Connect(listener, socket => Share(socket, port));
        server.Close();
        old.Receive().Expect("EOF");
        old.Close();
        context.Pass(TimeSpan.FromMilliseconds(50));
        (TracedSocket next, TracedSocket again) = context.Connect(listener, socket => Share(socket, port));
        next.Send(5).Expect("ok");
        again.Receive().Expect("ok");
        next.Close();
        again.Receive().Expect("EOF");
        again.Close();
    }

    /// <summary>
    /// Finds a port of the client that no other program uses. A port that connect chooses may already be in use for connections to other ports, for
    /// instance in TIME_WAIT. It can then not be bound again.
    /// </summary>
    private static EndPoint HoldPort(ScenarioContext context, IPEndPoint server)
    {
        TracedSocket holder = context.NewClient();
        Share(holder.Socket, new IPEndPoint(server.Address, 0));
        return holder.Socket.LocalEndPoint!;
    }

    private static void Share(Socket socket, EndPoint port)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(port);
    }
}
