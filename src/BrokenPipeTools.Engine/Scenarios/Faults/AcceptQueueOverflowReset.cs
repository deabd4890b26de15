using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Scenarios.Faults;

/// <summary>
/// tcp_abort_on_overflow (ip-sysctl.rst): a connection whose handshake is complete but that finds the accept queue full is reset. The queue
/// has room when the SYN comes, so two clients must connect at the same time. SYN cookies are off: with them nothing would be answered.
/// </summary>
internal sealed class AcceptQueueOverflowReset : RoutedScenario
{
    public override string Summary => "Two clients connect at the same time to a server with space for one in its accept queue: both connects succeed, but the second connection is reset.";

    public override IReadOnlyList<ExpectedClose> Packets =>
    [
        new(CloseState.Open, "", Cause.StillOpen),
        new(CloseState.Open, "", Cause.StillOpen),
        new(CloseState.Open, "", Cause.StillOpen),
        new(CloseState.Reset, "S:RST", Cause.AcceptQueueOverflow),
    ];

    private protected override bool SlowPath => true;

    [SupportedOSPlatform("linux")]
    internal override void Play(Stage stage)
    {
        stage.Happen("the server's kernel resets connections that do not fit into the queue", () =>
        {
            stage.Routed.Server.Sysctl("net.ipv4.tcp_abort_on_overflow", 1);
            stage.Routed.Server.Sysctl("net.ipv4.tcp_syncookies", 0);
        });
        TracedSocket listener = stage.Listen(backlog: 2); // holds one more than its length (sk_acceptq_is_full, include/net/sock.h)
        EndPoint port = listener.Socket.LocalEndPoint!;
        stage.NewClient().Connect(port).Expect("ok");
        stage.NewClient().Connect(port).Expect("ok");
        TracedSocket third = stage.NewClient();
        TracedSocket fourth = stage.NewClient();
        third.BeginConnect(port).Expect("blocks");
        fourth.BeginConnect(port).Expect("blocks");
        third.Await(TcpState.Established);
        fourth.Await(TcpState.Closed);
        fourth.Receive().Expect("ECONNRESET");
        fourth.Send(5).Expect("EPIPE");
        third.Send(5).Expect("ok");
    }
}
