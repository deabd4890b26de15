using System.Net;
using System.Net.Sockets;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// A new SYN on the ports of an old connection that the server still holds in TIME_WAIT: Linux takes it where its timestamp or
/// sequence number is newer (RFC 6191; net/ipv4/tcp_minisocks.c).
/// </summary>
internal sealed class PortReuse : Scenario
{
    public override string Summary => "A client connects again from the same port while the server still holds the old connection in TIME_WAIT: the new connection is taken.";

    public override ScenarioNeeds Needs => ScenarioNeeds.Linux;

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Graceful, "S:FIN [C:ACK ]C:FIN S:ACK", Cause.NormalClose),
        new(CloseState.Graceful, "C:FIN [S:ACK ]S:FIN C:ACK", Cause.NormalClose),
    ];

    internal override void Play(Stage stage)
    {
        TracedSocket listener = stage.Listen();
        (TracedSocket old, TracedSocket server) = stage.Connect(listener, socket => Bind(socket, new IPEndPoint(((IPEndPoint)listener.Socket.LocalEndPoint!).Address, 0)));
        EndPoint port = old.Socket.LocalEndPoint!;
        server.Close();
        old.Receive().Expect("EOF");
        old.Close();
        stage.Pass(TimeSpan.FromMilliseconds(50));
        (TracedSocket next, TracedSocket again) = stage.Connect(listener, socket => Bind(socket, port));
        next.Send(5).Expect("ok");
        again.Receive().Expect("ok");
        next.Close();
        again.Receive().Expect("EOF");
        again.Close();
    }

    /// <summary>
    /// A port that bind chose is nobody else's; one that connect chose may be shared with connections to elsewhere, and could not be
    /// bound again.
    /// </summary>
    private static void Bind(Socket socket, EndPoint local)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(local);
    }
}
