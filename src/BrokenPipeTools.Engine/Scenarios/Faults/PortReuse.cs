using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// A new SYN on the ports of an old connection that the server still holds in TIME_WAIT: Linux accepts it if its timestamp or
/// sequence number is newer (RFC 6191; net/ipv4/tcp_minisocks.c).
/// </summary>
internal sealed class PortReuse : Scenario
{
    public override string Summary => "A client connects again from the same port while the server still holds the old connection in TIME_WAIT: the new connection is accepted.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Graceful, "S:FIN [C:ACK ]C:FIN S:ACK", Cause.NormalClose),
        new(CloseState.Graceful, "C:FIN [S:ACK ]S:FIN C:ACK", Cause.NormalClose),
    ];

    internal override void Play(Stage stage)
    {
        TracedSocket listener = stage.Listen();
        EndPoint port = HoldPort(stage, (IPEndPoint)listener.Socket.LocalEndPoint!);
        (TracedSocket old, TracedSocket server) = stage.Connect(listener, socket => Share(socket, port));
        server.Close();
        old.Receive().Expect("EOF");
        old.Close();
        stage.Pass(TimeSpan.FromMilliseconds(50));
        (TracedSocket next, TracedSocket again) = stage.Connect(listener, socket => Share(socket, port));
        next.Send(5).Expect("ok");
        again.Receive().Expect("ok");
        next.Close();
        again.Receive().Expect("EOF");
        again.Close();
    }

    /// <summary>
    /// A port of the client that no other program uses. One that connect picks may be shared with other programs' connections to other
    /// ports, in TIME_WAIT for instance, and cannot be bound a second time then.
    /// </summary>
    private static EndPoint HoldPort(Stage stage, IPEndPoint server)
    {
        TracedSocket holder = stage.NewClient();
        Share(holder.Socket, new IPEndPoint(server.Address, 0));
        return holder.Socket.LocalEndPoint!;
    }

    private static void Share(Socket socket, EndPoint port)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(port);
    }
}
