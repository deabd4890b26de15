using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.Versioning;
using BrokenPipeTools.Closing;
using BrokenPipeTools.Diagnosis;
using BrokenPipeTools.Sockets;

namespace BrokenPipeTools.Lab.Scenarios;

/// <summary>
/// tcp_abort_on_overflow (ip-sysctl.rst): if the handshake of a connection is complete but the accept queue is full, the connection is reset. The
/// queue must have room when the SYN comes, so two clients connect at the same time. SYN cookies are off, because with them nothing would be
/// answered.
/// </summary>
internal sealed class AcceptQueueOverflowResetScenario : RoutedScenario
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
    internal override void Run(ScenarioContext context)
    {
        context.Happen("the server's kernel resets connections that do not fit into the queue", () =>
        {
            context.Routed.Server.Sysctl("net.ipv4.tcp_abort_on_overflow", 1);
            context.Routed.Server.Sysctl("net.ipv4.tcp_syncookies", 0);
        });
        TracedSocket listener = context.Listen(backlog: 2); // the queue holds one more than its length (sk_acceptq_is_full, include/net/sock.h)
        EndPoint port = listener.Socket.LocalEndPoint!;
        context.NewClient().Connect(port).Expect("ok");
        context.NewClient().Connect(port).Expect("ok");
        TracedSocket third = context.NewClient();
        TracedSocket fourth = context.NewClient();
        third.BeginConnect(port).Expect("blocks");
        fourth.BeginConnect(port).Expect("blocks");
        third.Await(TcpState.Established);
        fourth.Await(TcpState.Closed);
        fourth.Receive().Expect("ECONNRESET");
        fourth.Send(5).Expect("EPIPE");
        third.Send(5).Expect("ok");
    }
}
